"""A school's marks in PHP: classes called 7A, subjects by code, marks and lessons without an id of their own."""

from store_files import File, php_pretty
from store_words import Words


def make(w: Words) -> list[File]:
    subjects = {
        code: {"name": name, "hours": w.number(1, 5)}
        for code, name in (
            ("MAT", "Mathematics"),
            ("BIO", "Biology"),
            ("HIS", "History"),
            ("ENG", "English"),
            ("ART", "Art"),
            ("PHY", "Physics"),
            ("MUS", "Music"),
        )
    }
    teachers = [
        {
            "id": number,
            "name": w.person(),
            "email": w.email(),
            "subjects": w.few(subjects, 3, 1),
            "room": f"{w.some('ABC')}{w.number(1, 30)}",
        }
        for number in range(1, 17)
    ]
    classes = [
        {"id": f"{year}{letter}", "year": year, "room": f"R{year}{letter}", "teacher": w.number(1, 16)}
        for year in range(5, 10)
        for letter in "AB"
    ]
    students = [
        {
            "id": 1000 + number,
            "first_name": w.first(),
            "last_name": w.last(),
            "class": w.some(classes)["id"],
            "birth_date": w.birthday(2008, 2013).isoformat(),
            "guardian": {"name": w.person(), "phone": w.phone(), "relation": w.some(["mother", "father", "aunt"])},
        }
        for number in range(1, 121)
    ]
    grades = [
        {
            "student_id": w.some(students)["id"],
            "subject": w.some(list(subjects)),
            "teacher_id": w.number(1, 16),
            "value": w.number(1, 12),
            "date": w.iso_day(),
            "comment": w.maybe(w.sentence(), 0.2, ""),
        }
        for _ in range(300)
    ]
    grades[66]["student_id"] = 1499
    lessons = [
        {
            "class": each["id"],
            "day": day,
            "hour": hour,
            "subject": w.some(list(subjects)),
            "teacher": w.number(1, 16),
            "room": f"{w.some('ABC')}{w.number(1, 30)}",
        }
        for each in classes
        for day in ("mon", "tue", "wed", "thu", "fri")
        for hour in range(1, w.number(4, 7))
    ]
    return [
        php_pretty("subjects.json", subjects),
        php_pretty("teachers.json", teachers),
        php_pretty("classes.json", classes),
        php_pretty("students.json", students),
        php_pretty("grades.json", grades),
        php_pretty("timetable.json", lessons),
    ]
