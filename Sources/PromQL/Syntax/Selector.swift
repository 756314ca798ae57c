package import Model

/// One matcher of a selector.
package struct SelectorMatcher: Hashable, Sendable {
  package var matcher: Matcher
  package var range: Range<Int>

  package init(_ matcher: Matcher, at range: Range<Int> = 0..<0) {
    self.matcher = matcher
    self.range = range
  }

  package static func == (left: Self, right: Self) -> Bool { left.matcher == right.matcher }

  package func hash(into hasher: inout Hasher) { hasher.combine(matcher) }
}

/// `name{a="b"} offset 5m @ 1700000000`: which series, and at which time.
package struct Selector: Hashable, Sendable {
  /// The metric's name where it is written as such, in front of the braces or as a quoted string within them.
  package var name: String?
  /// In the order of the text, without ``name``.
  package var matchers: [SelectorMatcher]
  package var modifiers: TimeModifiers
  /// `anchored` or `smoothed`, both experimental.
  package var rangeExtension: RangeExtension?

  package init(
    name: String? = nil, matchers: [SelectorMatcher] = [], modifiers: TimeModifiers = .init(),
    rangeExtension: RangeExtension? = nil
  ) {
    self.name = name
    self.matchers = matchers
    self.modifiers = modifiers
    self.rangeExtension = rangeExtension
  }

  /// All conditions on a series, ``name`` among them as `__name__="…"`.
  package var allMatchers: [Matcher] {
    (name.map { [Matcher("__name__", equals: $0)] } ?? []) + matchers.map(\.matcher)
  }
}

/// How a range or instant selector looks beyond its window (experimental, Prometheus `promql-extended-range-selectors`).
package enum RangeExtension: String, Hashable, Sendable {
  case anchored, smoothed
}

/// `offset` and `@`.
package struct TimeModifiers: Hashable, Sendable {
  /// The instant of `@`.
  package enum At: Hashable, Sendable {
    case time(Timestamp)
    case start
    case end
  }

  /// `nil` without `offset`; negative ones look forward.
  package var offset: DurationExpr?
  package var at: At?

  package init(offset: DurationExpr? = nil, at: At? = nil) {
    self.offset = offset
    self.at = at
  }
}
