"""A job board in Node: ObjectIds, skills by name on both sides, optional salaries, employers as free text."""

from store_files import File, node
from store_words import Words


def make(w: Words) -> list[File]:
    skills = [
        {"name": name, "category": w.some(["code", "design", "people"])}
        for name in (
            "php",
            "javascript",
            "sql",
            "figma",
            "writing",
            "sales",
            "python",
            "docker",
            "css",
            "support",
            "german",
            "excel",
        )
    ]
    names = [each["name"] for each in skills]
    companies = [
        {
            "_id": w.object_id(),
            "name": w.name(),
            "website": f"https://{w.words(1, 1)}{n}.example",
            "size": w.some(["1-10", "11-50", "51-200"]),
            "location": {"city": w.city(), "country": w.some(["UA", "PT", "DE"])},
        }
        for n in range(22)
    ]
    recruiters = [
        {
            "_id": w.object_id(),
            "name": w.person(),
            "email": w.email(),
            "password": w.bcrypt(),
            "companyId": w.some(companies)["_id"],
        }
        for _ in range(30)
    ]
    jobs = []
    for _ in range(70):
        job = {
            "_id": w.object_id(),
            "title": w.title(),
            "companyId": w.some(companies)["_id"],
            "description": w.text(8),
            "type": w.some(["full-time", "part-time", "contract"]),
            "remote": w.chance(0.4),
            "skills": w.few(names, 5, 1),
            "postedBy": w.some(recruiters)["_id"],
            "postedAt": w.iso_time(),
            "expiresAt": w.maybe(w.iso_time(), 0.6),
        }
        if w.chance(0.7):
            job["salary"] = {
                "min": w.number(10, 40) * 1000,
                "max": w.number(41, 90) * 1000,
                "currency": w.some(["EUR", "UAH"]),
            }
        jobs.append(job)
    candidates = [
        {
            "_id": w.object_id(),
            "name": w.person(),
            "email": w.email(),
            "phone": w.maybe(w.phone(), 0.8, ""),
            "skills": w.few(names, 6, 1),
            "cv": {"file": f"cv/{w.hex(12)}.pdf", "size": w.number(20_000, 900_000)} if w.chance(0.8) else None,
            "experience": [
                {
                    "company": w.some(companies)["name"] if w.chance(0.2) else w.name(),
                    "title": w.words(1, 3),
                    "from": f"{w.number(2005, 2018)}-0{w.number(1, 9)}",
                    "to": w.maybe(f"{w.number(2018, 2023)}-0{w.number(1, 9)}", 0.7),
                }
                for _ in range(w.number(0, 3))
            ],
        }
        for _ in range(60)
    ]
    applications = [
        {
            "_id": w.object_id(),
            "jobId": w.some(jobs)["_id"],
            "candidateId": w.some(candidates)["_id"],
            "status": w.some(["new", "interview", "rejected", "hired"]),
            "coverLetter": w.maybe(w.text(6), 0.7, ""),
            "notes": [
                {"by": w.some(recruiters)["_id"], "text": w.sentence(), "at": w.iso_time()}
                for _ in range(w.number(0, 2))
            ],
            "appliedAt": w.iso_time(),
        }
        for _ in range(170)
    ]
    for number in (8, 90):
        applications[number]["candidateId"] = w.object_id()
    return [
        node("skills.json", skills),
        node("companies.json", companies),
        node("recruiters.json", recruiters),
        node("jobs.json", jobs),
        node("candidates.json", candidates),
        node("applications.json", applications),
    ]
