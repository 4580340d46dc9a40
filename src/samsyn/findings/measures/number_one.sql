-- The same as number.sql after fold_one.sql, where a new finding has one episode. The order
-- is that of the engine: to sort half a million keys would cost more than it is worth.
create or replace temp view folded as
select * exclude (new_number, before_closed_on)
    replace (coalesce(finding_id, $first_id - 1 + new_number)::bigint as finding_id),
  finding_id is null as is_new
from episodes
