-- When what was last seen in a report is closed: on the day of the report that is, in its stream,
-- the $close_after-th without it. Only a report that could be read is evidence of absence.
--
-- A stream has stopped when another of the same operator has come $close_after times since, and
-- $close_after times as many days have gone by as it ever let pass between two reports. (Of a
-- stream that came once nobody knows; a week is assumed.) From then on the other one is evidence.
--
-- In:  days_given   (stream, seen_on, is_read): the days on which each stream came
--      named        (stream, seen_on, subject): whom rows name that could not be read
-- Out: report_days  (stream, seen_on, closing_on): when what was last seen there is closed
--      named_until  (party, subject, seen_on, until_on): a subject named by such rows stays open
create or replace macro party_of(stream) as
  case when contains(stream, ':') then split_part(stream, ':', 1) else '' end;

create or replace temp table report_days as
with came as (
  select coalesce(stream, '') as stream, party_of(coalesce(stream, '')) as party, seen_on, is_read
  from days_given
), paced as (
  select *, sum(is_read::integer) over by_day as ordinal, lead(seen_on) over by_day as next_on,
    seen_on - lag(seen_on) over by_day as gap
  from came window by_day as (partition by stream order by seen_on)
), silent as (
  select *, coalesce(max(gap) over (partition by stream order by seen_on), 7) as step
  from paced qualify next_on is null or next_on - seen_on > $close_after
), others as (
  select s.stream, s.seen_on, s.ordinal, s.step, t.seen_on as other_on,
    row_number() over (partition by s.stream, s.seen_on, t.stream order by t.seen_on) as nth
  from silent s join came t
    on t.party = s.party and t.stream <> s.stream and t.is_read
    and t.seen_on > s.seen_on and (s.next_on is null or t.seen_on < s.next_on)
), stopped as (
  select stream, seen_on, ordinal, min(other_on) as stopped_on from others
  where nth >= $close_after and other_on - seen_on >= $close_after * step
  group by stream, seen_on, ordinal
)
select p.stream, p.seen_on, least(min(after.seen_on), min(s.stopped_on)) as closing_on
from paced p
left join paced after
  on after.stream = p.stream and after.is_read and after.ordinal = p.ordinal + $close_after
left join stopped s
  on s.stream = p.stream and s.seen_on >= p.seen_on and s.ordinal < p.ordinal + $close_after
group by p.stream, p.seen_on;

create or replace temp table named_until as
with own as (
  select party_of(n.stream) as party, n.subject, n.seen_on,
    max(coalesce(d.closing_on, 'infinity'::date)) as until_on
  from named n left join report_days d on d.stream = n.stream and d.seen_on = n.seen_on
  group by all
), parted as (
  select *, coalesce(seen_on > max(until_on) over (
    partition by party, subject order by seen_on rows between unbounded preceding and 1 preceding
  ), false) as is_first
  from own
), islands as (
  select *, count(*) filter (is_first) over (partition by party, subject order by seen_on) as island
  from parted
)
select party, subject, seen_on, max(until_on) over (partition by party, subject, island) as until_on
from islands;
