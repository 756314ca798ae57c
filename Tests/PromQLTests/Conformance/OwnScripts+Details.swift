extension OwnScripts {
  static let timesOfInfo = """
    load 1m
      x{job="j", instance="i"} 1 2 3
      y{job="j", instance="i"} 10 20 30
      target_info{job="j", instance="i", version="1"} 1 stale
      target_info{job="j", instance="i", version="2"} _ 1 1
      build_info{job="j", instance="i", build="b"} 1 1 1

    eval instant at 2m info(x)
      x{job="j", instance="i", version="2"} 3

    eval instant at 2m info(x @ 0)
      x{job="j", instance="i", version="1"} 1

    eval instant at 2m info(x offset 2m)
      x{job="j", instance="i", version="1"} 1

    # One and the same time, written in two ways.
    eval instant at 2m info(x @ 0 + y @ 120 offset 2m)
      {job="j", instance="i", version="1"} 11

    # Several times: that of the step counts.
    eval range from 0 to 2m step 1m info(x @ 0 + y)
      {job="j", instance="i", version="1"} 11 _ _
      {job="j", instance="i", version="2"} _ 21 31

    eval range from 0 to 2m step 1m info(x @ 0 + y @ 60)
      {job="j", instance="i", version="1"} 21 _ _
      {job="j", instance="i", version="2"} _ 21 21

    # A scalar has no say.
    eval instant at 2m info(scalar(y) + x @ 0)
      {job="j", instance="i", version="1"} 31

    eval instant at 2m info(sum_over_time(x[1m:1m] @ 60 offset 1m))
      {job="j", instance="i", version="1"} 1

    # A vector without a selector is of the step's time.
    eval range from 0 to 2m step 1m info(x @ 0 or vector(1))
      x{job="j", instance="i", version="1"} 1 _ _
      x{job="j", instance="i", version="2"} _ 1 1
      {} 1 1 1

    # Names that go at the end still go.
    eval instant at 2m info(abs(x))
      {job="j", instance="i", version="2"} 3

    # Conditions that only exclude names speak of info series.
    eval instant at 2m info(x, {__name__!="target_info"})
      x{job="j", instance="i", build="b"} 3

    # Info series themselves get nothing, whether they are named or not.
    eval instant at 2m info(target_info, {version=~".*"})
      target_info{job="j", instance="i", version="2"} 1
    """

  static let remarks = """
    load 1m
      x{a="1"} 1 2 3
      x{a="2"} 3 2 1

    eval instant at 1m sort(x)
      expect no_warn
      x{a="1"} 2
      x{a="2"} 2

    eval range from 0 to 2m step 1m 1 + sort_desc(x)
      expect warn msg: PromQL warning: sort is ineffective for range queries since results are always ordered by labels (1:5)
      {a="1"} 2 3 4
      {a="2"} 4 3 2

    eval range from 0 to 2m step 1m sort_by_label(x @ 0, "a")
      expect no_warn
      x{a="1"} 1 1 1
      x{a="2"} 3 3 3

    eval range from 0 to 2m step 1m quantile(scalar(x{a="1"}), x)
      expect warn msg: PromQL warning: quantile value should be between 0 and 1, got 3 (1:10)
      {} 3 +Inf +Inf

    eval range from 0 to 2m step 1m quantile(scalar(x{a="1"} - 2), x)
      expect warn msg: PromQL warning: quantile value should be between 0 and 1, got -1 (1:10)
      {} -Inf 2 3

    eval range from 0 to 2m step 1m x{a="1"} > 1 or abs(x{a="1"})
      {a="1"} 1 2 3

    eval range from 0 to 2m step 1m x{a="1"} < 3 or abs(x{a="1"})
      x{a="1"} 1 2 3

    eval instant at 1m absent_over_time(nothing{__type__="gauge", a="1"}[1m])
      {a="1"} 1
    """

  static let starts = """
    load 1m
      x@st -30s -90s _ -10s
      x 1 2 3 4
      y 5 6 7 8

    eval range from 0 to 3m step 1m start_timestamp(x)
      {} -30 -30 0 170

    eval instant at 3m start_timestamp(x offset 2m)
      {} -30

    eval instant at 3m start_timestamp(y)
      {} 0

    eval instant at 3m start_timestamp(x + 1)
    """

  static let wrongDurations = """
    load 1m
      x 1 2 3

    eval instant at 1m x[5m - 5m]
      expect fail msg: 2:9: duration must be greater than 0

    eval instant at 1m sum_over_time(x[(5m - 5m)])
      expect fail msg: 17:24: duration must be greater than 0

    eval instant at 1m sum_over_time(x[(1m) - (2m)])
      expect fail msg: 17:26: duration must be greater than 0

    eval instant at 1m sum_over_time(x[step()])
      expect fail msg: 16:22: duration must be greater than 0

    eval instant at 1m sum_over_time(x[-range()])
      expect fail msg: 16:24: duration must be greater than 0

    eval instant at 1m sum_over_time(x[5m:step()])
      expect fail msg: 19:25: duration must be greater than 0

    eval instant at 1m x offset (1m / step())
      expect fail msg: 10:21: division by zero

    eval instant at 1m x offset (1m % (1m - 1m))
      expect fail msg: 10:23: modulo by zero

    eval instant at 1m x[min_of(step(), 1m)]
      expect fail regex: duration must be greater than 0
    """

  static let durationForms = """
    load 10s
      x 1+1x100

    eval instant at 500s count_over_time(x[20s + 10s * 2])
      {} 4

    eval instant at 500s count_over_time(x[2 ^ 3 * 10])
      {} 8

    eval instant at 500s count_over_time(x[max_of(step(), 30s)])
      {} 3

    eval instant at 500s x offset min_of(20s, 30s)
      x 49

    eval instant at 500s x offset -max_of(20s, 30s)
      x 54

    eval instant at 500s x offset +(10s)
      x 50

    eval instant at 500s x offset -(10s - 20s)
      x 50

    eval range from 100s to 200s step 50s x offset step()
      x 6 11 16

    eval range from 100s to 200s step 50s x offset -range()
      x 21 26 31

    eval range from 100s to 200s step 50s count_over_time(x[range() / 2:step() / 5])
      {} 5 5 5

    eval range from 100s to 200s step 50s step() + vector(range())
      {} 150 150 150

    eval range from 100s to 100s step 50s step() + vector(range())
      {} 0

    eval range from 100s to 100s step 50s count_over_time(x[step()])
      {} 5

    eval range from 100s to 200s step 50s end() - start() - time() + min_of(NaN, -Inf) + max_of(1, 2)
      {} -Inf -Inf -Inf
    """

  static let unusualSyntax = """
    load 1m
      fill{a="1"} 1
      start{a="1"} 2
      step{a="1"} 3
      range{a="1"} 4
      end{a="1"} 5
      anchored{a="1"} 6
      smoothed{a="1"} 7
      min_of{a="1"} 8
      left{a="1", b="2"} 10
      right{a="1", c="3"} 20
      right{a="2", c="3"} 30

    eval instant at 0 fill + fill(0) fill
      {a="1"} 2

    eval instant at 0 fill + start + step + range + end + anchored + smoothed + min_of
      {a="1"} 36

    eval instant at 0 left + ON(a) GROUP_RIGHT(b) FILL_RIGHT(1) right
      {a="1", b="2", c="3"} 30
      {a="2", c="3"} 31

    eval instant at 0 right - on(a) group_left(b) fill_right(1) left
      {a="1", b="2", c="3"} 10
      {a="2", c="3"} 29

    eval instant at 0 left + on(a) fill_left(-1) right
      {a="1"} 30
      {a="2"} 29

    eval instant at 0 left + on(a) fill(+Inf) right
      {a="1"} 30
      {a="2"} +Inf

    eval instant at 0 left + on(a) fill(NaN) right
      {a="1"} 30
      {a="2"} NaN

    eval instant at 0 (left </ 3) or (left >/ 3)
      expect info

    eval instant at 0 {"left", "a"="1"} atan2 on(a) right
      {a="1"} 0.4636476090008061

    eval instant at 0 -1 ^ 2 + - -left ^ 2
      {a="1", b="2"} 99

    eval instant at 0 sum without() (left) + on() group_left() sum by (c,) (right)
      {a="1", b="2"} 60

    eval instant at 0 limit_ratio(-1, right) by (c)
      right{a="1", c="3"} 20
      right{a="2", c="3"} 30

    eval instant at 0 1e3 + 0x1F + .5 + 1_000 + 1m30s + Inf - +Inf
      NaN
    """
}
