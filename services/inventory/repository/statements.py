"""The SQL of the search index: its tables and its queries."""

_COLUMNS = """article_no, version, whole_no, whole_supplier_no, gtin, subgroup, variant_of, variant_words,
    place, by_name, own, numbered, properties, product_area, iso_code"""

SCHEMA = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY, article_no TEXT UNIQUE, version INTEGER, whole_no TEXT, whole_supplier_no TEXT,
    gtin TEXT, subgroup TEXT, variant_of TEXT, variant_words TEXT, place INTEGER, by_name TEXT,
    own TEXT, numbered TEXT, properties TEXT, product_area TEXT, iso_code TEXT,
    flavours TEXT NOT NULL DEFAULT ''
);
CREATE INDEX article_whole_no ON article (whole_no);
CREATE INDEX article_whole_supplier_no ON article (whole_supplier_no);
CREATE INDEX article_gtin ON article (gtin);
CREATE INDEX article_subgroup ON article (subgroup, variant_of);
CREATE INDEX article_variant_of ON article (variant_of) WHERE variant_of IS NOT NULL;
CREATE INDEX article_class ON article (product_area, iso_code, place) WHERE iso_code IS NOT NULL;
CREATE INDEX article_name ON article (place, by_name, article_no);
CREATE TABLE waiting AS SELECT * FROM article;
CREATE VIRTUAL TABLE words USING fts5 (
    own, flavours, numbered, properties, tokenize = 'trigram case_sensitive 1', content = '', detail = none
);
"""

_VALUES = """:article_no, :version, :whole_no, :whole_supplier_no, :gtin, :subgroup, :variant_of,
    :variant_words, :place, :by_name, :own, :numbered, :properties, :product_area, :iso_code"""

KEEP = f"INSERT INTO article (id, {_COLUMNS}) VALUES (:id, {_VALUES})"  # noqa: S608  our own words
WAIT = f"INSERT INTO waiting ({_COLUMNS}) VALUES ({_VALUES})"  # noqa: S608
ORDERED = f"""
INSERT INTO article (id, {_COLUMNS})
SELECT :first + row_number() OVER (ORDER BY by_name, article_no), {_COLUMNS} FROM waiting
WHERE place = :place AND article_no NOT IN (SELECT article_no FROM article)
"""  # noqa: S608
"""Take in what waits in the order of names; what came newer meanwhile stays."""
WAITS_NO_MORE = "DELETE FROM waiting"
IS_EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM article)"

_FLAVOURS = """
    SELECT coalesce(group_concat(variant_words, ' '), '') FROM article AS flavour
    WHERE flavour.variant_of = article.article_no AND flavour.place < 2
"""
"""A flavour that is discontinued leads to nothing."""
FLAVOURED = f"""
UPDATE article SET flavours = ({_FLAVOURS})
WHERE article_no IN (SELECT variant_of FROM article WHERE variant_of IS NOT NULL)
"""  # noqa: S608
FLAVOUR_ANEW = f"UPDATE article SET flavours = ({_FLAVOURS}) WHERE article_no = ?"  # noqa: S608

_INDEXED_COLUMNS = "own, flavours, numbered, properties"
_WORDS = f"SELECT id, {_INDEXED_COLUMNS} FROM article WHERE"  # noqa: S608
_KEEP = f"INSERT INTO words (rowid, {_INDEXED_COLUMNS}) {_WORDS}"
KEEP_WORDS = f"{_KEEP} article_no = ?"
KEEP_WORDS_BETWEEN = f"{_KEEP} id > ? AND id <= ?"
FORGET_WORDS = f"""
INSERT INTO words (words, rowid, {_INDEXED_COLUMNS})
SELECT 'delete', id, {_INDEXED_COLUMNS} FROM article WHERE article_no = ?
"""  # noqa: S608
BEFORE = "SELECT id, version, place, variant_of FROM article WHERE article_no = ?"
FORGET = "DELETE FROM article WHERE article_no = ?"

_IN_SUBGROUPS = "(:subgroups IS NULL OR subgroup IN (SELECT value FROM json_each(:subgroups)))"
_WITH_VARIANTS = "(:variants OR variant_of IS NULL)"
_BEST_FIRST = "ORDER BY place, by_name, article_no"

_NUMBER_IS = "(whole_no = :whole OR whole_supplier_no = :whole OR gtin = :gtin)"

EXACT = f"SELECT article_no, properties FROM article WHERE {_NUMBER_IS} AND {_IN_SUBGROUPS} {_BEST_FIRST}"  # noqa: S608
"""A number is found in full whether it is a flavour or not; only the type's subgroups limit it (S7, S10)."""

_LISTED = f"FROM article WHERE {_IN_SUBGROUPS} AND {_WITH_VARIANTS}"

COUNT = f"SELECT count(*) {_LISTED}"

LIST = f"SELECT article_no {_LISTED} {_BEST_FIRST} LIMIT :limit OFFSET :offset"

CLASSES = """
SELECT product_area, iso_code, count(*) FROM article
WHERE iso_code IS NOT NULL AND place <= ? GROUP BY product_area, iso_code ORDER BY iso_code
"""

_SORTED = "SELECT article_no, place, by_name FROM"
_INDEXED = f"{_SORTED} words JOIN article ON article.id = words.rowid WHERE words MATCH :match AND"
_SCANNED = f"{_SORTED} article WHERE"
_HAS_WORD = """AND (
    instr(article.own, :word_{0}) OR instr(article.flavours, :word_{0})
    OR instr(article.numbered, :number_{0})
)"""


def found(words: int, *, is_indexed: bool) -> str:
    """Ask for articles that contain so many words; stop when there are enough.

    The index knows which articles have some trigrams of a word; whether the word is there is looked at in the
    text: quicker than an index that knows every place.
    """
    inner = (
        _INDEXED if is_indexed else _SCANNED,
        _IN_SUBGROUPS,
        "AND",
        _WITH_VARIANTS,
        *(_HAS_WORD.format(place) for place in range(words)),
        "LIMIT :enough",
    )
    # Materialized: else SQLite sorts all that match before it stops, twenty times as slow.
    return " ".join(("WITH hit AS MATERIALIZED (", *inner, ") SELECT article_no FROM hit", _BEST_FIRST))
