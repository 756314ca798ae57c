/// Which labels the elements of a result have, may have, and can't have, each with the part of the expression that
/// says so.
package struct LabelFacts: Hashable, Sendable {
  /// Whether elements have a label.
  package enum State: Hashable, Sendable {
    /// Every element has it.
    case certain(Reason)
    case possible
    /// No element has it.
    case impossible(Reason)
  }

  /// Why a label is there or isn't.
  package struct Reason: Hashable, Sendable {
    /// What the part of the expression does.
    package enum Kind: Hashable, Sendable {
      /// A matcher asks for it, or for its absence.
      case matcher
      /// An aggregation keeps the labels that it names.
      case aggregatedBy
      /// An aggregation takes away the labels that it names.
      case aggregatedWithout
      /// An operator keeps the labels that `on` names.
      case matchedOn
      /// An operator takes away the labels that `ignoring` names.
      case matchedIgnoring
      /// `group_left` or `group_right` brings it.
      case included
      /// A value without labels: a number, `vector()`, `time()`, …
      case noLabels
      /// `absent()` knows labels from equality matchers alone.
      case absent
      /// The metric's name goes where values are computed.
      case computed
      /// `le` goes where buckets become a quantile.
      case buckets
      /// `label_replace`, `label_join`, `count_values`, … sets it.
      case set
    }

    package var kind: Kind
    /// The bytes of the node that is the reason.
    package var range: Range<Int>

    init(_ kind: Kind, _ range: Range<Int>) {
      self.kind = kind
      self.range = range
    }
  }

  /// The labels of which something is known by name; few, so a list.
  private var named: [(label: String, state: State)] = []
  /// What holds for all others: possible or impossible.
  private var others: State

  init(others: State) {
    self.others = others
  }

  /// Whether elements have `label`.
  package func state(of label: String) -> State {
    named.first { $0.label == label }?.state ?? others
  }

  /// The labels of which something is known by name.
  package var labels: some Sequence<String> { named.lazy.map(\.label) }

  /// Why no element has `label`; `nil` where one may have it.
  package func impossibility(of label: String) -> Reason? {
    guard case .impossible(let reason) = state(of: label) else { return nil }
    return reason
  }

  /// Why every element has `label`; `nil` where one may lack it.
  package func certainty(of label: String) -> Reason? {
    guard case .certain(let reason) = state(of: label) else { return nil }
    return reason
  }

  /// Whether labels that are not known by name may be there.
  package var isOpen: Bool { others == .possible }

  subscript(label: String) -> State {
    get { state(of: label) }
    set {
      if let index = named.firstIndex(where: { $0.label == label }) {
        named[index].state = newValue
      } else {
        named.append((label, newValue))
      }
    }
  }

  /// Two results made one: `state` is asked for every label that is named here, there or in `labels`, and with `nil`
  /// for all others.
  static func combined(
    _ left: Self, _ right: Self, naming labels: [String] = [], _ state: (String?, State, State) -> State
  ) -> Self {
    var result = Self(others: state(nil, left.others, right.others))
    for label in left.labels { result[label] = state(label, left[label], right[label]) }
    for label in right.labels where !result.names(label) { result[label] = state(label, left[label], right[label]) }
    for label in labels where !result.names(label) { result[label] = state(label, left[label], right[label]) }
    return result
  }

  private func names(_ label: String) -> Bool { named.contains { $0.label == label } }

  package static func == (left: Self, right: Self) -> Bool {
    left.others == right.others && left.named.count == right.named.count
      && left.named.allSatisfy { right.names($0.label) && right[$0.label] == $0.state }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(others)
    hasher.combine(named.count)
  }
}

extension LabelFacts.State {
  /// Of elements that come from either side.
  static func either(_ left: Self, _ right: Self) -> Self {
    switch (left, right) {
    case (.certain, .certain), (.impossible, .impossible): left
    default: .possible
    }
  }

  /// Of elements for which both sides have the same value of the label.
  static func both(_ left: Self, _ right: Self) -> Self {
    switch (left, right) {
    case (.impossible, _): left
    case (_, .impossible): right
    case (.certain, _): left
    default: right
    }
  }
}
