import Model

/// An expression made ready for its times: what is read, at which instants, and what is done with it.
enum Plan: Sendable {
  case scalar(ScalarPlan)
  case vector(VectorPlan)
  case matrix(RangePlan)
  case string(String)
}

/// A plan whose value is one number at each step.
indirect enum ScalarPlan: Sendable {
  case constant(Double)
  /// The seconds since the epoch of each step.
  case time
  case ofVector(VectorPlan)
  case negated(ScalarPlan)
  case binary(BinaryOperator, ScalarPlan, ScalarPlan)
  /// `min_of` or `max_of`.
  case extreme(Function, ScalarPlan, ScalarPlan)
  /// The same at all steps: evaluated at the one of the grid.
  case once(ScalarPlan, StepGrid)
}

/// A plan whose value is an instant vector at each step.
indirect enum VectorPlan: Sendable {
  case selector(SelectorPlan)
  /// `timestamp(selector)`: the times of the samples.
  case sampleTimes(SelectorPlan)
  /// `start_timestamp(selector)`: when the counters behind the samples began.
  case sampleStarts(SelectorPlan)
  /// `timestamp(…)` of anything else: the times of the steps.
  case stepTimes(VectorPlan)
  /// `vector(…)`, and functions of the date without an argument.
  case ofScalar(ScalarPlan, Function?)
  case overTime(OverTimePlan)
  case elementwise(Function, VectorPlan, [ScalarPlan])
  case negated(VectorPlan)
  case absent(VectorPlan, Labels)
  case absentOverTime(RangePlan, Labels)
  /// The range is the call's.
  case sorted(VectorPlan, SortOrder, at: Range<Int>)
  case relabelled(VectorPlan, LabelChange)
  case histogram(HistogramPlan)
  case info(InfoPlan)
  case aggregation(AggregationPlan)
  case withScalar(ScalarOperation)
  case matched(MatchPlan)
  case set(MatchPlan)
  /// Functions of native histograms: nothing, once the argument is evaluated.
  case nothing(of: VectorPlan)
  /// The same at all steps: evaluated at the one of the grid.
  case once(VectorPlan, StepGrid)
}

/// Which instant a selector looks at, for each step.
struct TimeShift: Hashable, Sendable {
  /// Milliseconds; positive ones look back.
  var offset: Int64 = 0
  /// The instant of `@`, in place of the step's.
  var at: Int64?

  func reference(_ time: Int64) -> Int64 { (at ?? time).held(minus: offset).heldAsInstant }
}

/// A selector of an instant vector.
struct SelectorPlan: Sendable {
  /// The index of what is read among the query's selections.
  var selection: Int
  var shift: TimeShift
  var isSmoothed = false
}

/// A range vector.
struct RangePlan: Sendable {
  enum Source: Sendable {
    /// The index of what is read among the query's selections.
    case selection(Int)
    /// The steps of a subquery.
    case subquery(VectorPlan, StepGrid)
  }

  var source: Source
  /// Milliseconds.
  var window: Int64
  var shift: TimeShift
  var rangeExtension: RangeExtension?
  /// The selector's place in the expression.
  var position: Range<Int>
}

/// A function over a range vector.
struct OverTimePlan: Sendable {
  var function: Function
  var range: RangePlan
  /// The other arguments, in their order.
  var scalars: [ScalarPlan]
  /// Where the first argument stands.
  var position: Range<Int>
}

/// How `sort` and its kin order.
enum SortOrder: Hashable, Sendable {
  case byValue(descending: Bool)
  case byLabels([String], descending: Bool)
}

/// What `label_replace` and `label_join` do.
enum LabelChange: Hashable, Sendable {
  case replace(target: String, template: String, source: String, pattern: String)
  case join(target: String, separator: String, sources: [String])
}

/// `histogram_quantile`, `histogram_quantiles` and `histogram_fraction` over series of buckets.
struct HistogramPlan: Sendable {
  enum Question: Sendable {
    case quantile(ScalarPlan, at: Range<Int>)
    /// The label that tells the quantiles apart.
    case quantiles([(plan: ScalarPlan, position: Range<Int>)], label: String)
    case fraction(lower: ScalarPlan, upper: ScalarPlan)
  }

  var question: Question
  var buckets: VectorPlan
  var position: Range<Int>
}

/// `info(…)`.
struct InfoPlan: Sendable {
  var base: VectorPlan
  var selection: Int
  /// The instants at which the info series count: those that all vectors of the base are of, or else the steps'.
  var shift: TimeShift
  /// The conditions on the name of info series.
  var names: [Matcher]
  /// The conditions on other labels, which also say which labels are taken; empty for all.
  var data: [Matcher]
}

/// An operator over the elements of one vector.
struct AggregationPlan: Sendable {
  var operation: AggregationOperator
  var inner: VectorPlan
  var parameter: ScalarPlan?
  var parameterPosition: Range<Int>
  /// The label of `count_values`.
  var valueLabel = ""
  var grouping: LabelChoice
}

/// An operator between a vector and a scalar.
struct ScalarOperation: Sendable {
  var operation: BinaryOperator
  var vector: VectorPlan
  var scalar: ScalarPlan
  var scalarIsLeft: Bool
  var returnsBool: Bool
  var position: Range<Int>
}

/// An operator between two vectors.
struct MatchPlan: Sendable {
  var operation: BinaryOperator
  var left: VectorPlan
  var right: VectorPlan
  var returnsBool: Bool
  var matching: VectorMatching
  var position: Range<Int>
}
