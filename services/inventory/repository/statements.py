"""The index's own tables, and what is asked of them."""

SCHEMA = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY, article_no TEXT UNIQUE, version INTEGER, folded_no TEXT, supplier_no TEXT,
    gtin TEXT, subgroup TEXT, is_variant INTEGER, place INTEGER, by_name TEXT, folded TEXT
);
CREATE INDEX article_folded_no ON article (folded_no);
CREATE INDEX article_supplier_no ON article (supplier_no);
CREATE INDEX article_gtin ON article (gtin);
CREATE INDEX article_subgroup ON article (subgroup, is_variant);
CREATE INDEX article_name ON article (place, by_name, article_no);
CREATE VIRTUAL TABLE words USING fts5 (folded, tokenize = 'trigram case_sensitive 1', content = '');
"""

KEEP = """
INSERT INTO article VALUES (
    :id, :article_no, :version, :folded_no, :supplier_no,
    :gtin, :subgroup, :is_variant, :place, :by_name, :folded
)
"""
KEEP_WORDS = "INSERT INTO words (rowid, folded) VALUES (:id, :folded)"
BEFORE = "SELECT id, version, place, folded FROM article WHERE article_no = ?"
FORGET = "DELETE FROM article WHERE id = ?"
FORGET_WORDS = "INSERT INTO words (words, rowid, folded) VALUES ('delete', ?, ?)"

_IN_SUBGROUPS = "(:subgroups IS NULL OR subgroup IN (SELECT value FROM json_each(:subgroups)))"
_WITH_VARIANTS = "(:variants OR NOT is_variant)"
_BEST_FIRST = "ORDER BY place, by_name, article_no"

_NUMBER_IS = "(folded_no = :whole OR supplier_no = :whole OR gtin = :gtin)"

EXACT = f"SELECT article_no FROM article WHERE {_NUMBER_IS} AND {_IN_SUBGROUPS} {_BEST_FIRST}"  # noqa: S608  our own words
"""A number is found in full whether it is a flavour or not; only the type's subgroups limit it (S7, S10)."""

_LISTED = f"FROM article WHERE {_IN_SUBGROUPS} AND {_WITH_VARIANTS}"

COUNT = f"SELECT count(*) {_LISTED}"

LIST = f"SELECT article_no {_LISTED} {_BEST_FIRST} LIMIT :limit OFFSET :offset"

_SORTED = "SELECT article_no, place, by_name FROM"
_INDEXED = f"{_SORTED} words JOIN article ON article.id = words.rowid WHERE words MATCH :match AND"
_SCANNED = f"{_SORTED} article WHERE"


def found(indexed: int, short: int) -> str:
    """Ask for articles that contain so many indexed and so many short words; stop when there are enough."""
    inner = (
        _INDEXED if indexed else _SCANNED,
        _IN_SUBGROUPS,
        "AND",
        _WITH_VARIANTS,
        *(f"AND instr(article.folded, :short_{place})" for place in range(short)),
        "LIMIT :enough",
    )
    # Materialized: else SQLite sorts all that match before it stops, twenty times as slow.
    return " ".join(("WITH hit AS MATERIALIZED (", *inner, ") SELECT article_no FROM hit", _BEST_FIRST))
