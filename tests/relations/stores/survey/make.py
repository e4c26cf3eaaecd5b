"""Surveys in PHP: answers as a map of question codes, people by token, invitations by e-mail, all behind guards."""

from store_files import File, php_guarded
from store_words import Words


def make(w: Words) -> list[File]:
    staff = [{"id": n, "login": w.username(), "password": w.bcrypt(), "name": w.person()} for n in range(1, 8)]
    surveys = []
    for number in range(1, 9):
        questions = [
            {
                "code": f"q{n}",
                "text": w.sentence(),
                "kind": w.some(["choice", "text", "scale"]),
                "options": w.few(["yes", "no", "often", "never", "maybe"], 4),
                "required": w.chance(0.7),
            }
            for n in range(1, w.number(4, 8))
        ]
        surveys.append(
            {
                "id": number,
                "title": w.title(),
                "intro": w.text(2),
                "created_by": w.number(1, 7),
                "opens": w.iso_day(),
                "closes": w.maybe(w.iso_day(), 0.7),
                "questions": questions,
            }
        )
    invitations = [
        {
            "token": w.hex(16),
            "survey_id": w.number(1, 8),
            "email": w.email(),
            "sent": w.sql_time(),
            "reminded": w.number(0, 3),
        }
        for _ in range(160)
    ]
    responses = []
    for number, invitation in enumerate(w.few(invitations, 110, 110), 1):
        survey = surveys[invitation["survey_id"] - 1]
        responses.append(
            {
                "id": number,
                "survey_id": survey["id"],
                "token": invitation["token"],
                "answers": {q["code"]: w.words(1, 2) for q in survey["questions"] if w.chance(0.9)},
                "seconds": w.number(20, 900),
                "submitted": w.sql_time(),
                "agent": w.some(["Firefox", "Chrome"]),
            }
        )
    exports = [
        {
            "id": w.uniqid(),
            "survey_id": w.number(1, 8),
            "requested_by": w.number(1, 7),
            "file": f"{w.hex(8)}.csv",
            "done": w.maybe(w.sql_time(), 0.9),
        }
        for _ in range(20)
    ]
    return [
        php_guarded("staff.php", staff),
        php_guarded("surveys.php", surveys),
        php_guarded("invitations.php", invitations),
        php_guarded("responses.php", responses),
        php_guarded("exports.php", exports),
    ]
