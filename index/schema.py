"""The tables of the catalog."""

FORMAT = "3"  # an index of another format is built anew
TOKENIZE = "porter unicode61 remove_diacritics 2"
# A lexical search scores every passage that has one of its words, at about two microseconds each: of a question's words
# the rarest are looked up, up to so many passages in all. What is left out is common.
MOST_ROWS = 1_000
COMMON_FROM = 5_000  # passages; in a smaller library all words are looked up
COMMON = MOST_ROWS // 50  # passages that have a common word
# A passage is found by the title and the date of its article too: "28 August 2016".
MONTHS = "".join(
    f"{name:10}"
    for name in "January February March April May June July August September October November December".split()
)
DATED = f"""title || coalesce(' ' || ltrim(substr(date, 9, 2), '0') || ' ' ||
    rtrim(substr('{MONTHS}', substr(date, 6, 2) * 10 - 9, 10)) || ' ' || substr(date, 1, 4), '')"""
SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE roots (root TEXT PRIMARY KEY);
CREATE TABLE articles (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, metadata TEXT NOT NULL,
    title TEXT NOT NULL, date TEXT, date_source TEXT NOT NULL, author TEXT, url TEXT, pages TEXT NOT NULL);
CREATE TABLE sources (
    source TEXT PRIMARY KEY, root TEXT NOT NULL, article_id TEXT REFERENCES articles(id), stamp TEXT NOT NULL,
    failure TEXT NOT NULL, metadata TEXT NOT NULL);
CREATE INDEX sources_by_article ON sources(article_id, source);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, article_id TEXT NOT NULL REFERENCES articles(id),
    start INTEGER NOT NULL, end INTEGER NOT NULL, sentences TEXT NOT NULL);
CREATE INDEX chunks_by_article ON chunks(article_id);
CREATE TABLE vectors (number INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE VIEW chunk_texts AS
    SELECT number, {DATED} AS title, substr(text, start + 1, end - start) AS body
    FROM chunks JOIN articles ON articles.id = chunks.article_id;
CREATE VIRTUAL TABLE chunk_words USING fts5(
    title, body, content='chunk_texts', content_rowid='number', tokenize='{TOKENIZE}');
CREATE VIRTUAL TABLE chunk_vocabulary USING fts5vocab(chunk_words, 'row');
CREATE TABLE common_words (stem TEXT PRIMARY KEY, passages INTEGER NOT NULL);
"""
# Each connection reads the stems of a question with the very tokenizer of the index.
QUESTION = f"""
CREATE VIRTUAL TABLE temp.question USING fts5(word, tokenize='{TOKENIZE}');
CREATE VIRTUAL TABLE temp.question_stems USING fts5vocab('temp', 'question', 'instance');
"""
