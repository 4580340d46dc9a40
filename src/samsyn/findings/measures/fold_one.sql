-- The same as fold.sql for the usual run: each key is seen at most once in it, and not
-- before it was seen last, and no row that could not be read names anybody. A test holds the
-- two together.
create or replace temp sequence new_numbers;

create or replace temp table episodes as
with once as (
  select s.*, struct_pack(
      seen := s.last_at, severity := s.severity, operated_by_id := s.operated_by_id,
      resource_id := s.resource_id, protocol := s.protocol, host_name := s.host_name,
      asn := s.asn, country := s.country, taxonomy := s.taxonomy, rsit_type := s.rsit_type,
      detail := s.detail
    ) as said, came.closing_on
  from sightings s
  left join report_days came on came.stream = s.stream and came.seen_on = s.seen_on
), known as (
  select p.*, case when p.is_moved then p.closed_on else came.closing_on end as closing_on
  from prior p
  left join report_days came on came.stream = p.stream and came.seen_on = p.last_on
  where p.is_last
), claim as (
  select organisation_id, subject, port, max(fixed_on) as fixed_on from claimed group by all
), met as (
  select s.seen_on, s.stream as seen_stream, s.times as seen_times, s.first_at as seen_first_at,
    s.last_at as seen_last_at, s.said as seen_said, s.closing_on as seen_closing_on, p.*,
    coalesce(p.organisation_id, s.organisation_id) as key_organisation_id,
    coalesce(p.subject, s.subject) as key_subject, coalesce(p.port, s.port) as key_port,
    case when p.closing_on < s.seen_on then p.closing_on
      when c.fixed_on < s.seen_on and c.fixed_on >= p.last_on then c.fixed_on
    end as before_closed_on
  from once s
  full join known p
    on p.organisation_id = s.organisation_id and p.subject = s.subject and p.port = s.port
  left join claim c
    on c.organisation_id = s.organisation_id and c.subject = s.subject and c.port = s.port
)
select finding_id,
  case when finding_id is null then nextval('new_numbers') end as new_number,
  key_organisation_id as organisation_id, key_subject as subject, key_port as port,
  (case when finding_id is null then 1 when before_closed_on is null then episode
    else episode + 1 end)::integer as episode,
  true as is_last,
  case when seen_on is null then stream
    when before_closed_on is null and seen_on = last_on then greatest(stream, seen_stream)
    else seen_stream end as stream,
  case when finding_id is null or before_closed_on is not null then seen_on
    else opened_on end as opened_on,
  coalesce(seen_on, last_on) as last_on,
  case when seen_on is null then closing_on
    when before_closed_on is null and seen_on = last_on
      then greatest(seen_closing_on, closing_on)
    else seen_closing_on end as closed_on,
  least(first_at, seen_first_at) as first_at,
  case when before_closed_on is not null then seen_last_at
    else greatest(last_at, seen_last_at) end as last_at,
  (coalesce(times, 0) + coalesce(seen_times, 0))::bigint as times,
  case when seen_on is null then said
    when finding_id is null or before_closed_on is not null or seen_said >= said then seen_said
    else said end as said,
  coalesce(is_moved and seen_on is null, false) as is_moved, before_closed_on
from met;

insert into episodes by name
select p.* replace (false as is_last, e.before_closed_on as closed_on)
from prior p join episodes e using (finding_id)
where p.is_last and e.before_closed_on is not null;

insert into episodes by name from prior where not is_last
