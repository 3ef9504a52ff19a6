-- Everything that looks random is a hash of a key, a word and the seed: the same at any number of threads.
CREATE TEMP MACRO u(key, word) AS
  (hash(key::BIGINT, word, {seed}::BIGINT) % 1000000007)::DOUBLE / 1000000007;
CREATE TEMP MACRO dice(key, word, sides) AS floor(u(key, word) * sides)::INT;
CREATE TEMP MACRO pick(choices, key, word) AS choices[1 + dice(key, word, len(choices))];
CREATE TEMP MACRO digits(key, word, places) AS
  lpad((hash(key::BIGINT, word, {seed}::BIGINT) % (10 ** places)::UBIGINT)::VARCHAR, places, '0');
CREATE TEMP MACRO money(x) AS CAST(x AS DECIMAL(21, 6));
CREATE TEMP MACRO until_day() AS DATE '{until}';
CREATE TEMP MACRO first_day() AS DATE '{until}' - 730;
CREATE TEMP MACRO workday(day) AS day + (isodow(day) = 7)::INT;
CREATE TEMP MACRO size() AS {size};
CREATE TEMP MACRO flag(truth) AS CASE WHEN truth THEN 'Y' ELSE 'N' END;
CREATE TEMP MACRO ascii_word(name) AS
  translate(lower(replace(replace(name, 'İ', 'i'), 'I', 'i')), 'çğıöşüâ ', 'cgiosua.');
