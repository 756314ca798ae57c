/// What is known, without data, of what an expression within a template yields.
enum TemplateShape: Hashable {
  case unknown
  /// The root object of a rule's template.
  case rule
  /// The root object of a notification's template.
  case notification
  /// The sample's labels.
  case labels
  case externalLabels
  /// A text; with its content where it is written out.
  case text(String?)
  case integer(Int?)
  case float
  case bool
  case time
  case duration
  case samples
  case sample
  case sampleLabels
  case map([String: TemplateShape])
  /// `.Alerts`, and the list that `.Alerts.Firing` gives.
  case alerts
  case alertList
  case alert
  /// Labels or annotations of a notification; they have methods.
  case namedValues
  /// What `.SortedPairs` gives.
  case namedPairs
  case namedPair
  /// A list of texts.
  case texts
  /// `.Belfry` of a notification and of an alert.
  case messageAdditions
  case alertAdditions

  /// What both may be.
  func joined(with other: TemplateShape) -> TemplateShape {
    switch (self, other) {
    case _ where self == other: self
    case (.text, .text): .text(nil)
    case (.integer, .integer): .integer(nil)
    default: .unknown
    }
  }

  /// Go's name of the type, for texts; `nil` where it isn't known.
  var typeName: String? {
    switch self {
    case .unknown, .rule, .notification: nil
    case .alerts: "template.Alerts"
    case .alertList: "[]template.Alert"
    case .alert: "template.Alert"
    case .namedValues: "template.KV"
    case .namedPairs: "template.Pairs"
    case .namedPair: "template.Pair"
    case .texts: "[]string"
    case .messageAdditions, .alertAdditions: "struct"
    case .labels, .externalLabels, .sampleLabels: "map[string]string"
    case .text: "string"
    case .integer: "int"
    case .float: "float64"
    case .bool: "bool"
    case .time: "time.Time"
    case .duration: "time.Duration"
    case .samples: "template.queryResult"
    case .sample: "*template.sample"
    case .map: "map[string]interface {}"
    }
  }

  /// Whether a value of this shape may be an argument of that kind.
  func suits(_ kind: TemplateSignature.Kind) -> Bool {
    switch (kind, self) {
    case (.any, _), (_, .unknown), (.text, .text), (.samples, .samples), (.list, .samples), (.sample, .sample),
      (.time, .time), (.duration, .duration), (.texts, .texts), (.list, .texts), (.list, .alerts), (.list, .alertList),
      (.list, .namedPairs):
      true
    default: false
    }
  }

  /// What the methods of times and durations need, which are not looked at closer.
  var hasMethods: Bool {
    switch self {
    case .time, .duration, .unknown, .namedValues: true
    default: false
    }
  }

  /// What `range` gives in each round, where this is something that it goes over.
  var element: TemplateShape? {
    switch self {
    case .samples: .sample
    case .labels, .externalLabels, .sampleLabels, .namedValues, .texts: .text(nil)
    case .integer: .integer(nil)
    case .alerts, .alertList: .alert
    case .namedPairs: .namedPair
    default: nil
    }
  }

  /// Whether this is one thing and no list.
  var isSingle: Bool {
    switch self {
    case .text, .float, .duration, .bool, .sample, .time, .alert, .namedPair: true
    default: false
    }
  }

  /// Whether functions like `humanize` take it.
  var isNumberLike: Bool {
    switch self {
    case .unknown, .text, .integer, .float, .duration: true
    default: false
    }
  }

  /// Whether comparing two such values is an error in Go; `nil` where it isn't known.
  func compares(with other: TemplateShape) -> Bool? {
    switch (basicKind, other.basicKind) {
    case (let a?, let b?): a == b
    default: nil
    }
  }

  private var basicKind: String? {
    switch self {
    case .text: "text"
    case .integer, .duration: "integer"
    case .float: "float"
    case .bool: "bool"
    default: nil
    }
  }
}
