import Diagnostics
import Model
import YAML

extension TimeIntervalSpec {
  static let fieldNames = ["time_intervals"]

  private static let names: FieldNames = {
    var names = FieldNames("a TimeInterval", fieldNames)
    names.answers = ["name": "the interval's name is 'metadata.name'"]
    for field in Interval.fieldNames { names.answers[field] = "put it into a list: time_intervals: [{\(field): …}]" }
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading), let list = fields.required("time_intervals", &reading) else {
      return nil
    }
    let items = reading.items(list, "intervals")
    if list.items?.isEmpty ?? false {
      reading.error(
        .missingField, "an interval without any time never comes", at: list.range,
        fix: "add one, such as weekdays: [monday]")
    }
    self.init(intervals: items.compactMap { Interval($0, &reading) })
  }
}

extension TimeIntervalSpec.Interval {
  static let fieldNames = ["times", "weekdays", "days_of_month", "months", "years", "location"]

  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, FieldNames("a time interval", Self.fieldNames), &reading) else { return nil }
    self.init()
    times = fields["times"].map { reading.items($0, "times").compactMap { Self.time($0, &reading) } } ?? []
    weekdays = fields["weekdays"].map { reading.ranges($0, "weekdays", TimeIntervalSyntax.weekdays) } ?? []
    daysOfMonth = fields["days_of_month"].map { reading.ranges($0, "days", TimeIntervalSyntax.days) } ?? []
    months = fields["months"].map { reading.ranges($0, "months", TimeIntervalSyntax.months) } ?? []
    years = fields["years"].map { reading.ranges($0, "years", TimeIntervalSyntax.years) } ?? []
    location = fields["location"].flatMap { reading.zone($0) }
  }

  private static let timeNames = FieldNames("a time", ["start_time", "end_time"])

  private static func time(_ node: YAMLNode, _ reading: inout Reading) -> Range<Int>? {
    guard let fields = Fields(node, timeNames, &reading) else { return nil }
    let start = fields.required("start_time", &reading).flatMap { reading.minutes($0) }
    let end = fields.required("end_time", &reading).flatMap { reading.minutes($0) }
    guard let start, let end else { return nil }
    guard start < end else {
      reading.error(
        .endBeforeStart, "the time ends before it starts", at: fields["end_time"]?.range ?? fields.range,
        fix: "over midnight write two: one up to '24:00', one from '00:00'")
      return nil
    }
    return start..<end
  }
}

extension Reading {
  fileprivate mutating func minutes(_ node: YAMLNode) -> Int? {
    guard let text = word(node, "a time of day") else { return nil }
    do {
      return try TimeIntervalSyntax.minutes(text)
    } catch {
      self.error(.malformedTime, error.message, at: node.range, fix: error.fix)
      return nil
    }
  }

  fileprivate mutating func ranges<Range>(
    _ node: YAMLNode, _ what: String, _ read: (String) throws(TimeIntervalSyntax.Problem) -> Range
  ) -> [Range] {
    var found: [Range] = []
    for item in items(node, what) {
      guard let text = word(item, "one of the \(what)") else { continue }
      do {
        found.append(try read(text))
      } catch {
        self.error(.malformedTime, error.message, at: item.range, fix: error.fix)
      }
    }
    return found
  }
}
