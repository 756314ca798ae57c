extension SpecSchema {
  private static let routeFields = [
    SchemaField("channel", .name, "where alerts go that no child takes"),
    SchemaField("channels", .names, "where alerts go that no child takes"),
    SchemaField(
      "group_by", .names,
      "alerts with equal values are told together; `['...']` tells each alone, `[]` all in one"),
    SchemaField("group_wait", .duration(allowsZero: true), "how long a new group waits for more alerts"),
    SchemaField("group_interval", .duration(allowsZero: false), "how long until a group's changes are told"),
    SchemaField("repeat_interval", .duration(allowsZero: false), "after which what is still firing is told again"),
    SchemaField("mentions", .names, "people to mention in chats"),
    SchemaField("routes", .list(.shared("route")), "the children, asked in order"),
  ]

  static let route = SchemaObject(
    "The root of a route tree: it takes every alert.",
    routeFields + [
      SchemaField("continue", .boolean, "has no effect at the root"),
      SchemaField("always", .boolean, "a second root in `platform/` that is given every alert as well"),
    ], rules: [.oneOf(["channel", "channels"])])

  static let childRoute = SchemaObject(
    "A branch of a route tree.",
    routeFields + [
      SchemaField("matchers", .matchers(atLeast: 0), "which alerts a child takes; the root takes all"),
      SchemaField("match", .texts, "Alertmanager's older form of `matchers`"),
      SchemaField("match_re", .texts, "Alertmanager's older form of `matchers`"),
      SchemaField("continue", .boolean, "whether later siblings are asked too"),
      SchemaField(
        "mute_time_intervals", .names, "nothing is told while one of these contains the time; not inherited"),
      SchemaField(
        "active_time_intervals", .names, "nothing is told unless one of these contains the time; not inherited"),
    ], rules: [.atMostOne(["channel", "channels"])])

  static let silence = SchemaObject(
    "Alerts that match are not notified, for a time that has an end.",
    [
      .required(
        "matchers", .matchers(atLeast: 1),
        "an alert is silenced when all of them accept it; at least one must need a value"),
      SchemaField("starts_at", .time, "when it begins"),
      SchemaField("ends_at", .time, "when it ends"),
      SchemaField("duration", .duration(allowsZero: false), "when it ends, from the start"),
      SchemaField(
        "time_interval", .name, "for recurring work: only while this `TimeInterval` contains the time"),
      SchemaField(
        "until_resolved", .boolean,
        "an acknowledgement: only alerts that fired at `starts_at` or before are silenced, each until it resolves; "
          + "needs `starts_at`"),
      .required("comment", .word, "why"),
    ], rules: [.oneOf(["ends_at", "duration"]), .valueNeeds("until_resolved", .yes, "starts_at")])

  static let inhibitRule = SchemaObject(
    "While a source alert fires, target alerts are not notified.",
    [
      SchemaField("source_matchers", .matchers(atLeast: 0), "which firing alerts inhibit"),
      SchemaField("source_match", .texts, "Alertmanager's older form of `source_matchers`"),
      SchemaField("source_match_re", .texts, "Alertmanager's older form of `source_matchers`"),
      SchemaField("target_matchers", .matchers(atLeast: 0), "which alerts are inhibited"),
      SchemaField("target_match", .texts, "Alertmanager's older form of `target_matchers`"),
      SchemaField("target_match_re", .texts, "Alertmanager's older form of `target_matchers`"),
      SchemaField(
        "equal", .names, "labels whose values must be the same in both; missing counts as empty"),
    ],
    rules: [
      .anyOf(["source_matchers", "source_match", "source_match_re"]),
      .anyOf(["target_matchers", "target_match", "target_match_re"]),
    ])

  static let timeInterval = SchemaObject(
    "Times that come again: for mutes and for recurring silences.",
    [.required("time_intervals", .list(.object(interval), atLeast: 1), "any of these contains the time")])

  private static let clock = SchemaType.pattern("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")

  /// One item or two with a colon between them; a bare number is one of `numbers`.
  private static func ranges(_ one: String, numbers: [ClosedRange<Int>] = []) -> SchemaType {
    let text = SchemaType.quoted(SchemaType.inAnyCase("^(\(one))(:(\(one)))?$"))
    return .list(.either(numbers.map(SchemaType.integer) + [text]))
  }

  private static let interval = SchemaObject(
    "A time is contained when each field that is written accepts it.",
    [
      SchemaField(
        "times",
        .list(
          .object(
            SchemaObject(
              "A part of the day.",
              [.required("start_time", clock, "the first minute"), .required("end_time", clock, "the end, excluded")]))),
        "hours and minutes, the end excluded, up to `24:00`; not over midnight"),
      SchemaField(
        "weekdays", ranges(TimeIntervalSyntax.weekdays.joined(separator: "|")),
        "English names; a week begins on Sunday"),
      SchemaField(
        "days_of_month", ranges("-?(0?[1-9]|[12][0-9]|3[01])", numbers: [1...31, -31 ... -1]),
        "1 to 31, or -1 to -31 from the month's end"),
      SchemaField(
        "months", ranges(TimeIntervalSyntax.months.joined(separator: "|") + "|0?[1-9]|1[0-2]", numbers: [1...12]),
        "English names, or 1 to 12"),
      SchemaField("years", ranges("[0-9]{1,6}", numbers: [1...999_999]), "years"),
      SchemaField("location", .zone, "the zone in which the moment is looked at"),
    ])

  static let template = SchemaObject(
    "Definitions that messages of channels may use.",
    [
      .required("text", .word, "one or more `define` blocks; what stands outside of them has no effect")
    ])
}
