-- Folds sightings into episodes. An episode lasts from a sighting until the report has
-- come $close_after times without it; a sighting after that begins the next one.
--
-- In:  sightings    what was seen, one row or more for each key and day
--      report_days  (stream, seen_on, closing_on) and named_until: see closings.sql
--      prior        what earlier folds know (empty when everything is folded again)
--      claimed      (organisation_id, subject, port, fixed_on): when people said "fixed"
-- Out: episodes     the same shape as prior; is_last marks the one that tells the state
-- A key is (organisation_id, subject, port); all tables are of one report.

create or replace temp table daily as
select organisation_id, subject, port, seen_on, max(stream) as stream, sum(times)::bigint as times,
  min(first_at) as first_at, max(last_at) as last_at,
  max(struct_pack(
    seen := last_at, severity := severity, operated_by_id := operated_by_id,
    resource_id := resource_id, protocol := protocol, host_name := host_name, asn := asn,
    country := country, taxonomy := taxonomy, rsit_type := rsit_type, detail := detail
  )) as said
from sightings group by organisation_id, subject, port, seen_on;

create or replace temp table marked as
with timeline as (
  select organisation_id, subject, port, seen_on, stream, times, first_at, last_at, said,
    seen_on as opened_on, false as is_prior, null::bigint as finding_id, 0 as episode,
    null::date as moved_on
  from daily
  union all
  select organisation_id, subject, port, last_on, stream, times, first_at, last_at, said,
    opened_on, true, finding_id, episode, case when is_moved then closed_on end
  from prior where is_last
)
select t.*, c.fixed_on,
  coalesce(t.moved_on, case when n.seen_on <= came.closing_on
    then nullif(greatest(came.closing_on, n.until_on), 'infinity') else came.closing_on end
  ) as closing_on
from timeline t
left join report_days came on came.stream = t.stream and came.seen_on = t.seen_on
asof left join named_until n
  on n.party = party_of(t.stream) and n.subject = lower(t.subject) and t.seen_on < n.seen_on
asof left join claimed c
  on c.organisation_id = t.organisation_id and c.subject = t.subject and c.port = t.port
  and t.seen_on > c.fixed_on;

create or replace temp table numbered as
with stepped as (
  select *,
    case
      when lag(closing_on) over key_order < seen_on then lag(closing_on) over key_order
      when fixed_on >= lag(seen_on) over key_order then fixed_on
    end as before_closed_on
  from marked
  window key_order as (
    partition by organisation_id, subject, port order by seen_on, is_prior desc
  )
)
select * exclude (finding_id, episode),
  max(finding_id) over (partition by organisation_id, subject, port) as finding_id,
  greatest(max(episode) over (partition by organisation_id, subject, port), 1)
    + count(before_closed_on) over (
        partition by organisation_id, subject, port order by seen_on, is_prior desc
      ) as episode
from stepped;

create or replace temp table episodes as
with grouped as (
  select organisation_id, subject, port, episode, any_value(finding_id) as finding_id,
    min(opened_on) as opened_on, max(seen_on) as last_on, max(struct_pack(on_day := seen_on, name := stream)).name as stream,
    max(struct_pack(on_day := seen_on, closing := closing_on)).closing as closing_on,  -- of the last sighting
    max(before_closed_on) as before_closed_on,
    sum(times) as own_times, min(first_at) as own_first_at, max(last_at) as last_at,
    max(said) as said, bool_or(moved_on is not null) and not bool_or(not is_prior) as is_moved
  from numbered group by organisation_id, subject, port, episode
), joined as (
  select *,
    lead(before_closed_on) over key_order as next_closed_on,
    lead(episode) over key_order is null as is_last,
    sum(own_times) over key_order as times,
    min(own_first_at) over key_order as first_at
  from grouped
  window key_order as (partition by organisation_id, subject, port order by episode)
)
select finding_id, organisation_id, subject, port, episode::integer as episode, is_last, stream,
  opened_on, last_on, coalesce(next_closed_on, closing_on) as closed_on,
  first_at, last_at, times::bigint as times, said, is_moved
from joined
union all
select finding_id, organisation_id, subject, port, episode, is_last, stream, opened_on, last_on,
  closed_on, first_at, last_at, times, said, is_moved
from prior where not is_last;
