"""What general English words in a field's name promise. With `roles` and `foreign_words` the only table of its kind.

Each group says why it is here. No word names a product or a data set: a rule that holds for one site
only belongs into that site's plan. Words are compared without case, underscores and hyphens, so
`eMail`, `e-mail` and `email` are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from outgrow.schema import foreign_words

# A field of this name is meant to identify its record, whatever the table is called.
ID_WORDS = frozenset({"id", "uuid", "guid", "uid", "oid", "pk", "objectid", "rowid"})

# The last word of a field that holds a key (`user_id`, `countryCode`, `order_no`). `by` is a role: `created_by`.
KEY_ENDINGS = frozenset(
    {
        "id",
        "ids",
        "uuid",
        "guid",
        "uid",
        "key",
        "code",
        "cd",
        "no",
        "nr",
        "num",
        "number",
        "numero",
        "nummer",
        "codigo",
        "codice",
        "ref",
        "fk",
        "sk",
        "pk",
        "slug",
    }
)

# Endings of KEY_ENDINGS that name a key outright; `code` and `number` are often mere attributes.
SURE_ENDINGS = frozenset({"id", "ids", "uuid", "guid", "uid", "fk", "sk", "pk"})

# Natural keys: what a person or a program calls a record by. In the order in which they make a good key's name.
KEY_NAMES = ("slug", "username", "login", "handle", "permalink", "code", "sku", "isbn", "email", "key", "name")

# Unique wherever they stand: the word says "no two of these".
UNIQUE_ANYWHERE = frozenset(
    "slug uuid guid permalink sku isbn issn ean barcode ssn vin iban imei serial serialno serialnumber seriennummer"
    " numeroserie vatnumber vatid partitaiva licenseplate numberplate regplate".split()
)

# Unique where the table holds accounts or people; elsewhere (a log, a comment, an order) they repeat.
UNIQUE_IN_ACCOUNTS = foreign_words.ADDRESSES.union(
    {"username", "login", "loginname", "email", "emailaddress", "mail", "handle", "nick", "nickname"}
)

# A site's own users stand in for "a person" where no other table of people fits.
ACCOUNT_FIELDS = frozenset({"username", "login", "password", "passwd", "pwd", "passwordhash"})

# Filled in every record and named so, they are required: a record without one makes no sense to its readers.
REQUIRED = frozenset(
    "username login email emailaddress slug title name headline subject label content body text key code question"
    " firstname lastname password passwd".split()
)

# A single bare object with one of these is the first record of a collection, not a settings file.
IDENTIFYING = frozenset({"id", "uuid", "guid", "username", "email", "slug"})

# Lengths that programmers give these, never shorter, so that the next record fits too. Password hashes need room.
LENGTHS = {
    "username": 80,
    "login": 80,
    "slug": 120,
    "email": 120,
    "emailaddress": 120,
    "mail": 120,
    "name": 120,
    "fullname": 120,
    "title": 255,
    "headline": 255,
    "subject": 255,
    "url": 255,
    "link": 255,
    "website": 255,
    "image": 255,
    "filename": 255,
    "path": 255,
    "avatar": 255,
    "thumbnailurl": 255,
    "password": 255,
}

# Free text has no natural length, however short the ones at hand are.
FREE_TEXT = frozenset(
    "description body content text bio biography about summary note notes message comment excerpt abstract review"
    " answer details remarks html markdown".split()
)

# Digits that nobody calculates with: a number type would invite it, and drops what they may begin with one day.
NOT_NUMBERS = frozenset(
    "phone telephone tel mobile cell fax zip zipcode postcode postalcode postal isbn ean upc barcode iban ssn account"
    " accountnumber phonenumber mobilenumber cellnumber faxnumber".split()
)

# When a record came to be, and when it was last changed: the database's clock can say so.
CREATED = frozenset(
    "created createdat createdon createddate datecreated creationdate createdtime ctime registered registeredat"
    " registeredon registrationdate dateregistered added addedat addedon dateadded inserted insertedat posted postedat"
    " submitted submittedat signupdate joined joinedat joinedon timestamp".split()
)

# What stands in a column that refers where there is nothing to refer to, the likeliest first.
STAND_INS = ("0", "none", "None", "NONE", "-1", "-", "--", "nobody", "nil", "undefined", "false")

# Stretches of time by which things are counted: a column of this name holds years, weeks or rounds.
PERIODS = frozenset(
    "year season month week day date quarter semester term round period weekday dow yr qtr mth wk dt".split()
)

# When something happened or will: whole numbers of the right size are Unix times then.
TIMES = frozenset(
    "time times timestamp ts date datetime at on since until created updated modified changed edited published posted"
    " added joined registered deleted removed closed closes opened opens started starts start finished finishes finish"
    " ended ends end expires expiry expire expiration sent received read seen visited login visit activity active last"
    " first uploaded approved answered resolved banned due begin began founded established built birth birthday"
    " lastmod mtime ctime atime paid"
    " ordered shipped delivered cancelled canceled used sync synced timeout".split()
)

# Amounts of money, if the values look so; and what turns the same words into something else.
MONEY = foreign_words.MONEY.union(
    "price cost fee amount total subtotal sum tax vat salary wage budget balance revenue shipping deposit payment paid"
    " income expense charge gross net discount refund fine credit debit tip rent donation bid cash money turnover"
    " profit value".split()
)
NO_MONEY = frozenset("rate ratio percent percentage pct count quantity qty score points time weight version".split())

# Two numbers with a point between them, and no decimal.
VERSIONS = frozenset("version versions ver v release build revision rev chapter section php".split())

# Secrets, by what they are. `hash` alone is a password only in an account: elsewhere it is a file's.
PASSWORDS = frozenset(
    "password passwd pass passphrase pwd pw passwordhash hashedpassword passhash pwhash encryptedpassword"
    " passworddigest userpass userpassword userpwd passwort".split()
)
HASHES = frozenset({"hash", "digest"})
SALTS = frozenset({"salt", "passwordsalt", "pepper"})
TOKENS = frozenset({"token", "secret", "apikey", "privatekey", "accesskey", "secretkey", "otp", "totp", "sessionid"})
# Before or after `token`, these make it something countable or datable instead of a secret.
NO_TOKENS = frozenset("count counts total limit length type expires expiry expire ttl name used at".split())

# What the names of secrets have in common, for a quick look.
SECRETIVE = re.compile("pass|pw|hash|digest|salt|pepper|token|secret|key|otp|session", re.IGNORECASE).search

# Beside these, a password opens some other service: it is hidden, but must stay what it is to be of use.
SERVICES = frozenset("host hostname port server smtp database dbname dsn endpoint bucket driver".split())

# Tables whose rows say more about one row of another table: a reference from them is one-to-one.
ONE_TO_ONE = frozenset("profile setting preference detail info information metadata biography extension".split())

# What only people have: the parts of their names, and when they were born.
NAME_PARTS = frozenset("firstname fname lastname lname middlename givenname familyname surname".split())
BIRTHDAYS = frozenset("birthday birthdate dateofbirth dob born".split())

# Quantities, ranks and states: small integers that lie within any 1..n key without meaning it.
MEASURES = frozenset(
    "status state quantity qty count total amount sum price cost rate rating score points rank position pos order sort"
    " sequence seq index year month day week hour minute second age size length width height weight level version"
    " priority stock views likes votes percent number num max min maximum minimum avg average mean median"
    " capacity duration distance population salary budget".split()
)

# Names of list fields that say nothing about what is in the list.
GENERIC_LISTS = frozenset({"list", "items", "ids", "values", "entries", "data", "elements", "children", "refs", "keys"})

# File stems that say nothing about the text in the file.
GENERIC_STEMS = frozenset({"index", "item", "default", "main", "page", "readme", "document", "content"})

# A column of this name says to which table its neighbour refers: such pairs are left alone.
TYPE_ENDINGS = ("type", "class", "kind", "model", "table")


@lru_cache(65_536)
def squash(words: tuple[str, ...] | str) -> str:
    """One word in lower case out of many, to look up in the groups above."""
    text = words if isinstance(words, str) else "".join(words)
    return "".join(filter(str.isalnum, text.casefold()))
