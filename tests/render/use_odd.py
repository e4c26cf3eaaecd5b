"""Run in the app of the plan `odd`: keys, cycles, self-references and storage of every type."""

import datetime as dt
import tempfile
from decimal import Decimal

import sqlalchemy as sa
from app import create_app, db
from app.config import Config
from app.models import Article, Model, Order, OrderLine, PeoplePhone, Site, String
from flask_migrate import upgrade

folder = tempfile.mkdtemp()
app = create_app(Config({"SECRET_KEY": "tests", "DATABASE_URL": f"sqlite:///{folder}/app.db"}))
app.app_context().push()
upgrade()

ann, bob = Model(name="ann"), Model(name="bob")
article = Article(slug="a", author=ann, editor=bob)
ann.favourite = article
ann.boss = bob
bob.friends.append(ann)
ann.phones += [PeoplePhone(position=1, value="b"), PeoplePhone(position=0, value="a")]
db.session.add(article)
db.session.commit()
assert bob.staff == [ann]
assert ann.friend_of == [bob]
assert article.fans == [ann]
assert bob.edited == [article]
assert ann.written == [article]
assert bob.written == []
assert [phone.value for phone in ann.phones] == ["a", "b"]
ann.phones.pop()
db.session.commit()
assert PeoplePhone.query.count() == 1

assert [column.name for column in sa.inspect(Order).primary_key] == ["shop", "year"]
order = Order(shop="s", year=2026, total=Decimal(10))
order.lines.append(OrderLine(line=1))
db.session.add(order)
db.session.add(Order(shop="t", year=2026, total=Decimal("9.999")))
db.session.commit()
second = OrderLine(line=2, order=order, after=1)
db.session.add(second)
db.session.commit()
assert second.previous.line == 1
assert db.session.get(Order, ("s", 2026)) is order
assert [o.total for o in Order.query.order_by(Order.total).all()] == [Decimal("10.00")] * 2
order.total = Decimal("9.5")
db.session.commit()
assert Order.query.filter(Order.total < 10).all() == [order]
assert Order.query.filter(Order.total.between(Decimal("9.6"), 10)).one().shop == "t"
assert Order.query.order_by(Order.total.desc()).first().shop == "t"

zone = dt.timezone(dt.timedelta(hours=2))
row = String(
    str="k",
    bytes=b"\x00",
    dt=dt.datetime(2026, 1, 31, 12, tzinfo=zone),
    page=1,
    items=1,
    password="x",
    dict=None,
)
db.session.add(row)
db.session.commit()
stored = db.session.execute(sa.text("SELECT * FROM strings")).mappings().one()
assert stored["dt"] == "2026-01-31 10:00:00.000000", stored["dt"]
assert stored["time"] == "12:30:00.000000"
assert stored["born"] == "1999-12-31"
assert stored["decimal"] == "1.500"
assert stored["bool"] == 1
assert stored["dict"] is None
assert stored["list"] == '[1, {"a": [true, null, "\\u2028\'"]}, 1.5]', stored["list"]
assert stored["bytes"] == b"\x00"
assert stored["date"] == dt.datetime.now(dt.UTC).date().isoformat()
assert row.int == -5
assert row.float == 1.5
assert row.relationship == "\"quotes\" and 'quotes'"
db.session.add(Site(title="t", theme={"ü": 1}))
db.session.commit()
