-- What is written in rows that could not be read, as it would be a subject: each word, each cell,
-- and the host of each web address. Tables: damaged (batch, stream, seen_on); $rejects.
create or replace temp table words as
with written as (
  select distinct d.stream, d.seen_on, lower(r.text) as text
  from $rejects r join damaged d on d.batch = r.batch
), cells as (
  select stream, seen_on, unnest(regexp_split_to_array(text, '[",;\t]+')) as word from written
  union all
  select stream, seen_on, unnest(regexp_split_to_array(text, '[",;\s]+')) from written
)
select distinct stream, seen_on, trim(word) as word
from cells where strlen(trim(word)) > 2 and not regexp_full_match(trim(word), '\d+');

insert into named
select stream, seen_on, word from words
union
select stream, seen_on, host_of_site(word) from words
where regexp_matches(word, '[/:]') and coalesce(host_of_site(word), '') <> '';
