extension OwnScripts {
  static let histograms = """
    load 1m
      h_bucket{le="0.1", job="a"} 50
      h_bucket{le="0.2", job="a"} 80
      h_bucket{le="+Inf", job="a"} 100
      h_bucket{le="1", job="b"} 10
      h_bucket{le="oops", job="b"} 10
      h_bucket{le="+Inf", job="b"} 10
      h_bucket{job="c"} 10
      drops_bucket{le="1"} 10
      drops_bucket{le="2"} 8
      drops_bucket{le="+Inf"} 20

    eval instant at 0 histogram_quantile(0.65, h_bucket)
      expect warn
      {job="a"} 0.15
      {job="b"} 0.65

    eval instant at 0 histogram_quantile(0.9, h_bucket{job="a"})
      expect no_warn
      expect no_info
      {job="a"} 0.2

    eval instant at 0 histogram_quantile(2, h_bucket{job="a"})
      expect warn msg: PromQL warning: quantile value should be between 0 and 1, got 2 (1:20)
      {job="a"} +Inf

    eval instant at 0 histogram_quantile(0.5, drops_bucket)
      expect info regex: PromQL info: input to histogram_quantile needed to be fixed for monotonicity
      {} 1

    eval instant at 0 histogram_fraction(0.1, 0.2, h_bucket{job="a"})
      {job="a"} 0.3

    eval instant at 0 histogram_quantile(0.5, sum by (le) (h_bucket{job="a"}))
      {} 0.1

    eval instant at 0 histogram_count(h_bucket)
    """

  static let fill = """
    load 1m
      a{k="1"} 1
      a{k="2"} 2
      b{k="2"} 20
      b{k="3"} 30

    eval instant at 0 a + b
      {k="2"} 22

    eval instant at 0 a + fill(0) b
      {k="1"} 1
      {k="2"} 22
      {k="3"} 30

    eval instant at 0 a + fill_right(100) b
      {k="1"} 101
      {k="2"} 22

    eval instant at 0 a + fill_left(100) b
      {k="2"} 22
      {k="3"} 130

    eval instant at 0 a - fill_left(5) fill_right(7) b
      {k="1"} -6
      {k="2"} -18
      {k="3"} -25

    eval instant at 0 a > bool fill(10) b
      {k="1"} 0
      {k="2"} 0
      {k="3"} 0
    """

  static let names = """
    load 1m
      x{a="1"} 1
      y{a="1"} 2
      {__name__="typed", __type__="counter", __unit__="s", a="1"} 3

    eval instant at 0 -x
      {a="1"} -1

    eval instant at 0 abs(x)
      {a="1"} 1

    eval instant at 0 x * 2
      {a="1"} 2

    eval instant at 0 last_over_time(x[1m])
      x{a="1"} 1

    eval instant at 0 sum_over_time(x[1m])
      {a="1"} 1

    eval instant at 0 sum by (__name__) (x)
      x 1

    # Names go at the end only: the label can be taken from one before that.
    eval instant at 0 label_replace(abs(x), "was", "$1", "__name__", "(.*)")
      {a="1", was="x"} 1

    eval instant at 0 label_replace(abs(x), "__name__", "z", "a", "1")
      z{a="1"} 1

    eval instant at 0 x or abs(y)
      x{a="1"} 1

    eval instant at 0 abs({__name__=~"x|y"})
      expect fail

    eval instant at 0 typed
      {__name__="typed", __type__="counter", __unit__="s", a="1"} 3

    eval instant at 0 typed + 1
      {a="1"} 4
    """

  static let limits = """
    load 1m
      x{a="1"} 1
      x{a="2"} 2
      x{a="3"} 3
      x{a="4", b="5"} 4

    eval instant at 0 count(limitk(2, x))
      {} 2

    eval instant at 0 count(limitk(9, x))
      {} 4

    eval instant at 0 limitk(0, x)

    eval instant at 0 limitk(2, x) and x unless x

    eval instant at 0 count(limitk by (b) (1, x))
      {} 2

    eval instant at 0 limit_ratio(1, x)
      x{a="1"} 1
      x{a="2"} 2
      x{a="3"} 3
      x{a="4", b="5"} 4

    eval instant at 0 limit_ratio(0, x)

    eval instant at 0 count(limit_ratio(0.3, x) or limit_ratio(-0.7, x))
      {} 4

    eval instant at 0 limit_ratio(0.3, x) and limit_ratio(-0.7, x)

    eval instant at 0 limit_ratio(1.5, x)
      expect warn
      x{a="1"} 1
      x{a="2"} 2
      x{a="3"} 3
      x{a="4", b="5"} 4
    """

  static let info = """
    load 1m
      x{job="j", instance="i"} 1 2
      x{job="other", instance="i"} 3 4
      target_info{job="j", instance="i", version="1", os="linux"} 1 1

    eval instant at 1m info(x)
      x{job="j", instance="i", version="1", os="linux"} 2
      x{job="other", instance="i"} 4

    eval instant at 1m info(x, {version=~".+"})
      x{job="j", instance="i", version="1"} 2

    eval instant at 1m info(x{job="j"}, {version="1"})
      x{job="j", instance="i", version="1"} 2
    """

  static let trigonometry = """
    load 1m
      angle 0.5
      many{v="nan"} NaN
      many{v="inf"} Inf

    eval instant at 0 sin(angle)
      {} 0.479425538604203

    eval instant at 0 cos(angle)^2 + sin(angle)^2
      {} 1

    eval instant at 0 tan(atan(angle))
      {} 0.5

    eval instant at 0 asinh(sinh(angle)) + acosh(cosh(angle)) + atanh(tanh(angle))
      {} 1.5

    eval instant at 0 cos(many)
      {v="nan"} NaN
      {v="inf"} NaN

    eval instant at 0 atan(many)
      {v="nan"} NaN
      {v="inf"} 1.5707963267948966

    eval instant at 0 angle atan2 angle
      {} 0.7853981633974483

    eval instant at 0 deg(vector(pi()))
      {} 180
    """

  static let collisions = """
    load 1m
      x{a="1", b="1"} 1
      x{a="1", b="2"} 2
      y{a="1"} 3

    eval instant at 0 x + on(a) y
      expect fail

    eval instant at 0 x + on(a) group_left y
      {a="1", b="1"} 4
      {a="1", b="2"} 5

    eval instant at 0 label_replace(x, "b", "same", "", "")
      expect fail msg: vector cannot contain metrics with the same labelset

    eval instant at 0 label_join(x, "b", "-", "a")
      expect fail msg: vector cannot contain metrics with the same labelset

    eval range from 0 to 1m step 1m label_replace(x, "b", "", "", "")
      expect fail

    eval instant at 0 x + ignoring(b) y
      expect fail
    """
}
