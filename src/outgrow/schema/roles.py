"""Words for the roles that people, places and records play for each other, and for those who play them."""

from __future__ import annotations

from outgrow.schema import foreign_words

# Tables that hold accounts or people, by the last word of their name (in the singular).
ACCOUNTS = foreign_words.PEOPLE.union(
    "user member account customer client person author writer editor admin administrator moderator operator employee"
    " staff worker student pupil teacher instructor lecturer professor faculty subscriber contact player patient doctor"
    " physician guest friend profile agent seller buyer vendor artist participant candidate owner organizer"
    " organiser recruiter applicant tutor trainer".split()
)

# People who may play any role for a record: its author, its manager. Players, patients or artists play their own.
ANYBODY = foreign_words.ANYBODY.union("user member account person staff employee worker profile contact admin".split())

# End like words for people who do something, and are things.
THINGS_IN_ER = frozenset(
    "adapter after amplifier answer assist banner booster border breaker butter calendar center chamber chapter"
    " character charger charter cluster color computer connector constant container controller cooler copper"
    " corner counter cover cylinder diameter dinner distant earlier either elevator error ever exist exterior"
    " factor feather filter finger flavor floor flower folder footer former gender generator grant header heater"
    " identifier indicator inner integer interior later latter layer leather letter list lower major master matter"
    " median meter minor mirror monitor motor neither never newsletter number offer order other outer over paper"
    " parameter pepper per plant poster power printer prior processor quadrant quarter rather refrigerator"
    " register reminder resist restaurant river router scanner sector semester sensor server shoulder shower"
    " silver honor sticker summer super supper temper theater timber together tower tracker trailer transfer"
    " transformer twist under upper variant vector voucher warrant water weather whether winter wrist".split()
)

# Who does something, by words that don't end like it.
PROFESSIONS = frozenset(
    "apprentice architect athlete astronaut cadet captain chef clerk coach cook cosmonaut curate expert guide judge"
    " linguist mechanic monk nurse pilot priest president scholar surgeon trainee referee attendee witness".split()
)

# Roles that people play for a record: `author_id` refers to whoever the site calls its people.
PEOPLE_ROLES = foreign_words.ROLES.union(
    "author owner creator created editor edited updated modified updater manager assignee assigned reporter reporting"
    " sender recipient receiver reviewer reviewed approver approved poster posted uploader uploaded moderator user"
    " username member customer buyer seller rep representative agent supervisor leader head chief boss host"
    " responsible contact by person winner loser captain coach speaker performer nurse"
    " follower following friend participant attendee like requester requested starter started lead"
    " submitter submitted issuer issued signer signed inviter invited handler handled prescriber prescribed"
    " director curator conductor guard sponsor mentor keeper breeder warden steward teacher tutor investigator"
    " inspector referee umpire treasurer secretary chair chairman understudy mgr".split()
)

# The last word of roles that are told by what was done: `created_by`.
BY = foreign_words.BY.union({"by", "via"})

# Roles that records of one table play for each other, and what the other side is then called.
SELF_ROLES = {
    "sequelto": "sequels",
    "sequelof": "sequels",
    "prequelto": "prequels",
    "versionof": "versions",
    "variantof": "variants",
    "copyof": "copies",
    "translationof": "translations",
    "forkedfrom": "forks",
    "forkof": "forks",
    "partof": "parts",
    "replaces": "replaced_by",
    "replacedby": "replaces",
    "supersedes": "superseded_by",
    "supersededby": "supersedes",
    "redirect": "redirects",
    "redirectto": "redirects",
    "related": "related_to",
    "prerequisite": "required_for",
    "succeeds": "succeeded_by",
    "succeededby": "succeeds",
    "precedes": "preceded_by",
    "precededby": "precedes",
    "follows": "followed_by",
    "followedby": "follows",
    "buddy": "buddy_of",
    "partner": "partner_of",
    "prereq": "required_for",
    "parent": "children",
    "manager": "reports",
    "reportsto": "reports",
    "reportingto": "reports",
    "supervisor": "reports",
    "boss": "reports",
    "replyto": "replies",
    "inreplyto": "replies",
    "predecessor": "successors",
    "successor": "predecessors",
    "previous": "following",
    "prev": "following",
    "next": "preceding",
    "root": "descendants",
    "ancestor": "descendants",
    "original": "copies",
    "duplicateof": "duplicates",
    **foreign_words.SELF_ROLES,
    "mother": "mother_of",
    "father": "father_of",
    "spouse": "spouse_of",
}

# Of these, the ones that only people play.
ONLY_OF_PEOPLE = frozenset({"manager", "supervisor", "boss"})

# Lists of records of their own kind (`user.following`), and what the records in them call those that hold the lists.
SELF_LISTS = {
    "following": "followers",
    "followed": "followers",
    "followers": "following",
    "follower": "following",
    "links": "backlinks",
    "children": "parents",
    "parents": "children",
    "blocked": "blocked_by",
    "muted": "muted_by",
    "related": "related_to",
    "dependencies": "dependents",
    "dependson": "dependents",
    "prerequisites": "required_by",
    "requires": "required_by",
}

# Two sides of what goes from one to another: what people call it, and what places do.
DIRECTIONS = {"from": ("sent", "outgoing"), "to": ("received", "incoming")}

# Lists of people by what they did to a record, and what the record is to them.
LIKINGS = {
    "like": "liked",
    "upvote": "upvoted",
    "downvote": "downvoted",
    "favorite": "favorite",
    "favourite": "favourite",
    "bookmark": "bookmarked",
    "follower": "followed",
    "watcher": "watched",
    "subscriber": "subscribed",
}

# One of several things that was picked, named by what it was picked for: it may be a thing of any kind.
PICKED = frozenset("cover pinned featured thumbnail highlighted selected current latest winner champion".split())

# The ends of what leads from one to another: they may be places or things of any kind.
PLACES = frozenset("from to origin destination source target start end home away src dst dest via".split())

# Tables of those that act as one, and the roles that they play for a record.
ORGANISATIONS = frozenset(
    "organisation organization company firm institution institute agency business enterprise corporation partner"
    " association supplier manufacturer vendor customer client".split()
)
ORGANISATION_ROLES = frozenset(
    "funder employer supplier manufacturer maker publisher vendor carrier sponsor provider insurer distributor producer"
    " broadcaster host owner issuer lender importer exporter shipper consignee payer contractor operator".split()
)
