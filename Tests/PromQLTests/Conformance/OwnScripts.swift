/// Scripts in the notation of Prometheus's acceptance tests, for what its corpus beside the repository leaves out.
enum OwnScripts {
  static let all: [(name: String, text: String)] = [
    ("ranges", ranges), ("subqueries", subqueries), ("durations", durations), ("extended windows", extendedWindows),
    ("start times", startTimes), ("histograms", histograms), ("fill", fill), ("names", names), ("limits", limits),
    ("info", info), ("trigonometry", trigonometry), ("collisions", collisions), ("times of info", timesOfInfo),
    ("remarks", remarks), ("starts", starts), ("wrong durations", wrongDurations), ("duration forms", durationForms),
    ("unusual syntax", unusualSyntax),
  ]

  static let ranges = """
    load 30s
      x{a="1"} 1+1x10
      x{a="2"} 10 _ _ 40 stale 60

    eval range from 0 to 3m step 1m x
      {__name__="x", a="1"} 1 3 5 7
      {__name__="x", a="2"} 10 10 _ 60

    eval range from 0 to 3m step 30s x
      {__name__="x", a="1"} 1 2 3 4 5 6 7
      {__name__="x", a="2"} 10 10 10 40 _ 60 60

    eval range from 0 to 2m step 1m sum(x)
      {} 11 13 5

    eval range from 0 to 2m step 1m time()
      {} 0 60 120

    eval range from 0 to 2m step 1m 3
      {} 3 3 3

    eval range from 0 to 2m step 1m count_over_time(x[1m])
      {a="1"} 1 2 2
      {a="2"} 1 _ 1

    eval range from 0 to 2m step 1m x > 2
      {__name__="x", a="1"} _ 3 5
      {__name__="x", a="2"} 10 10 _

    eval range from 0 to 2m step 1m absent(x{a="2"})
      {a="2"} _ _ 1

    eval range from 0 to 2m step 1m topk(1, x)
      {__name__="x", a="1"} _ _ 5
      {__name__="x", a="2"} 10 10 _

    eval range from 0 to 2m step 1m x{a="1"} @ end()
      {__name__="x", a="1"} 5 5 5

    eval instant at 2m x{a="1"}[1m]
      expect range vector from 90s to 2m step 30s
      x{a="1"} 4 5
    """

  static let subqueries = """
    load 10s
      x 1+1x60

    eval instant at 100s sum_over_time(x[50s:10s])
      {} 45

    eval instant at 105s sum_over_time(x[50s:10s])
      {} 45

    # Evaluated at multiples of the step, the default one is a minute.
    eval instant at 605s max_over_time(x[3m:])
      {} 61

    eval instant at 605s count_over_time(x[3m:])
      {} 3

    eval instant at 100s sum_over_time(x[50s:10s] offset 10s)
      {} 40

    eval instant at 100s sum_over_time(x[50s:10s] @ 60)
      {} 25

    eval instant at 100s max_over_time(rate(x[20s])[40s:10s])
      {} 0.1

    eval instant at 100s sum_over_time((x > bool 8)[40s:10s])
      {} 3

    eval range from 100s to 120s step 10s sum_over_time(x[20s:10s])
      {} 21 23 25

    eval instant at 100s x[20s:10s]
      expect range vector from 90s to 100s step 10s
      x 10 11
    """

  static let durations = """
    load 10s
      x 1+1x60

    eval instant at 100s count_over_time(x[20s+10s])
      {} 3

    eval instant at 100s count_over_time(x[2*30s])
      {} 6

    eval instant at 100s count_over_time(x[30])
      {} 3

    eval instant at 100s x offset (5s*4)
      x 9

    eval instant at 100s x offset -(10s)
      x 12

    eval range from 100s to 140s step 20s count_over_time(x[step()])
      {} 2 2 2

    eval range from 100s to 140s step 20s count_over_time(x[range()])
      {} 4 4 4

    eval range from 100s to 140s step 20s sum_over_time(x[step()*2:step()])
      {} 20 24 28

    eval instant at 100s count_over_time(x[max_of(1s, 30s)])
      {} 3

    eval instant at 100s count_over_time(x[-(-2^5s)])
      {} 4

    # Without parentheses, the offset is the first duration only.
    eval instant at 100s x offset 2*5s
      {} 50

    eval range from 100s to 120s step 10s x offset -step()
      x 12 13 14

    eval instant at 100s count_over_time(x[10s-10s])
      expect fail
    """

  static let extendedWindows = """
    load 20s
      c 0 20 40 60 80 5 25 45
      g 1 5 3 3 _ 9

    eval instant at 70s increase(c[30s] anchored)
      {} 20

    eval instant at 70s increase(c[30s] smoothed)
      {} 30

    eval instant at 70s rate(c[30s] smoothed)
      {} 1

    # 50 at 50 s, 80 at 80 s, and on from 0 to 2.5 at 90 s
    eval instant at 90s increase(c[40s] smoothed)
      {} 32.5

    eval instant at 110s increase(c[40s] anchored)
      {} 25

    eval instant at 110s resets(c[40s] anchored)
      {} 1

    eval instant at 110s changes(g[80s] anchored)
      {} 2

    eval instant at 110s delta(g[80s] anchored)
      {} 4

    # From 3 at 60 s to 9 at 100 s
    eval instant at 90s g smoothed
      g 7.5

    eval instant at 70s sum_over_time(c[30s] smoothed)
      expect fail
    """

  static let startTimes = """
    load 10s
      c@st _ -5s -15s -25s -3s -13s
      c 0 5 10 15 20 25
      d@st -10sx3
      d 5 6 3 9

    # The start of the first sample is within the window: from 0 at 5 s to 15 at 30 s.
    eval instant at 30s increase(c[28s])
      {} 15

    # A start at the window's begin is outside.
    eval instant at 30s increase(c[25s])
      {} 12.5

    # The counter began anew at 37 s.
    eval instant at 50s resets(c[30s])
      {} 1

    eval instant at 40s irate(c[30s])
      {} 2

    # By value at 20 s; by start, the one of a delta, at 30 s. The epoch is no start.
    eval instant at 30s resets(d[1m])
      {} 2
    """
}
