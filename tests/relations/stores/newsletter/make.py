"""A newsletter tool: subscribers in CSV, lists of their addresses, clicks and bounces that outlive who unsubscribed."""

from store_files import File, comma, node
from store_words import Words, slug


def make(w: Words) -> list[File]:
    subscribers = [
        {
            "email": w.email(),
            "name": w.maybe(w.person(), 0.7, ""),
            "subscribed_at": w.sql_time(),
            "status": w.some(["active", "paused"]),
            "source": w.some(["form", "import"]),
            "token": w.hex(32),
        }
        for _ in range(140)
    ]
    emails = [each["email"] for each in subscribers]
    lists = [
        {"id": slug(name), "name": name, "description": w.sentence(), "subscribers": w.few(emails, 60, 15)}
        for name in (w.name() for _ in range(6))
    ]
    templates = {
        slug(name): {"html": f"<h1>{name}</h1>{{{{ body }}}}", "updated": w.iso_time()}
        for name in (w.name() for _ in range(4))
    }
    campaigns = [
        {
            "id": number,
            "subject": w.title(),
            "from_name": w.some(["The Lantern", "Lantern Books"]),
            "from_email": w.some(["news@lantern.example", "shop@lantern.example"]),
            "template": w.some(list(templates)),
            "lists": [each["id"] for each in w.few(lists, 3, 1)],
            "body": w.text(5),
            "scheduled_at": w.maybe(w.iso_time(), 0.5),
            "sent_at": w.maybe(w.iso_time(), 0.8),
            "stats": {"sent": w.number(20, 120), "opened": w.number(0, 90), "clicked": w.number(0, 40)},
        }
        for number in range(1, 31)
    ]
    gone = ["moved.away@example.com", "no.more@example.org", "bye@example.net"]
    clicks = [
        {
            "campaign_id": w.number(1, 30),
            "email": w.some(gone) if n % 60 == 7 else w.some(emails),
            "url": f"https://lantern.example/{slug(w.words())}",
            "at": w.sql_time(),
        }
        for n in range(240)
    ]
    bounces = [
        {
            "email": w.some(emails),
            "campaign_id": w.number(1, 30),
            "reason": w.some(["mailbox full", "unknown user", "timeout"]),
            "at": w.sql_time(),
        }
        for n in range(40)
    ]
    return [
        comma("subscribers.csv", subscribers),
        node("lists.json", lists),
        node("templates.json", templates),
        node("campaigns.json", campaigns),
        comma("clicks.csv", clicks),
        comma("bounces.csv", bounces),
    ]
