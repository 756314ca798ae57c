import JSON

extension OpenAPIDocument {
  /// What is counted and compared.
  static var figureSchemas: [(name: String, schema: Schema)] {
    [
      ("RuleListing", ruleListing),
      ("RuleList", .object("A page of rules.", Property.list(of: "RuleListing", "In the order of group and place."))),
      ("ChannelListing", channelListing), ("ChannelEndpoint", endpoint),
      (
        "ChannelList",
        .object("A page of channels.", Property.list(of: "ChannelListing", "In the order of scope and name."))
      ),
      ("DeliveryFigures", .object("How deliveries went.", deliveryFigures)),
      ("ChannelStatistics", .object("How deliveries over one channel went.", reference + deliveryFigures)),
      ("Stats", stats), ("RuleFigures", .object("What became of alerts.", ruleFigures)),
      ("RuleStatistics", ruleStatistics), ("DurationFigures", durationFigures), ("SeverityCount", severityCount),
      ("TimelinePoint", timelinePoint),
    ]
  }

  private static var reference: [Property] {
    [
      Property("id", .text, "As `/api/v1/resource?id=` takes it."), Property("name", .text, "Its name."),
      Property("scope", .text, "Whose it is."),
    ]
  }

  private static var ruleListing: Schema {
    .object(
      "A rule in the list of all rules.",
      Property.scope + [
        Property("group", .reference, "Its group."), Property("index", .count, "Its place in the group, from 0."),
      ] + rule + [
        Property("severity", Schema.text.orNull, "The label `severity` that it sets."),
        Property("channels", .list(of: .reference), "Where its alerts go by its own and its group's labels."),
      ])
  }

  private static var channelListing: Schema {
    .object(
      "A channel in the list of all channels.",
      channel + [
        Property("endpoints", .list(of: .named("ChannelEndpoint")), "Its pool, in the order of the spec."),
        Property("origin", Schema.origin.orNull, "Where it stands."),
        Property("last24h", .named("DeliveryFigures"), "How it did in the last 24 hours."),
      ])
  }

  private static var endpoint: Schema {
    .object(
      "One endpoint of a channel.",
      [
        Property("up", .flag, "Whether it takes messages."),
        Property("failingSince", Schema.time.orNull, "Since when it doesn't."),
        Property("lastDeliveredAt", Schema.time.orNull, "When it last took one."),
        Property("lastFailedAt", Schema.time.orNull, "When it last didn't."),
        Property("lastError", Schema.text.orNull, "Why, in a line without secrets."),
        Property("pausedUntil", Schema.time.orNull, "Nothing is sent to it before."),
      ])
  }

  private static var deliveryFigures: [Property] {
    let rate = Schema.number.with("minimum", 0).with("maximum", 1).orNull
    return [
      Property("attempts", .count, "Tries that reached the channel or should have."),
      Property("delivered", .count, "Those that succeeded."), Property("failed", .count, "Those that didn't."),
      Property("givenUp", .count, "Messages that failed for good."),
      Property("observed", .count, "Not sent on purpose: `notify: observe`."),
      Property("held", .count, "Kept back by a cooldown or a limit."),
      Property("deliveryRate", rate, "The part of the tries that succeeded; `null` without a try."),
      Property("failureRate", rate, "The part of the tries that failed; `null` without a try."),
      Property("latencyP50Ms", Schema.count.orNull, "What half of the deliveries took at most, in milliseconds."),
      Property("latencyP95Ms", Schema.count.orNull, "What 95 of 100 took at most."),
    ]
  }

  private static var stats: Schema {
    let rules = Schema.list(of: .named("RuleStatistics"))
    return .object(
      "What happened in a window, counted.",
      [
        Property("since", .time, "From this time on."), Property("until", .time, "Before this time."),
        Property("truncated", .flag, "Whether more happened than one answer reads."),
        Property("countedSince", .time, "From where on it was counted."),
        Property("totals", .named("RuleFigures"), "All rules together."),
        Property(
          "top",
          .object(
            "",
            [
              Property("firings", rules, "The rules that fired most."),
              Property("pages", rules, "Those that most messages told of."),
              Property("noise", rules, "Those that flapped or ended soon."),
            ]), "The first rules, by several measures."),
        Property("severities", .list(of: .named("SeverityCount")), "Firings by severity, most first."),
        Property(
          "timeline",
          .object(
            "",
            [
              Property("bucketSeconds", .number, "A bucket's length."),
              Property("points", .list(of: .named("TimelinePoint")), "Every bucket, oldest first; at most 120."),
            ]), "Firings over time."),
        Property("channels", .list(of: .named("ChannelStatistics")), "Each channel that a try was made for."),
      ])
  }

  private static var ruleFigures: [Property] {
    [
      Property("firings", .count, "How often an alert began to fire."),
      Property("resolved", .count, "How often one ended."),
      Property("pages", .count, "Messages delivered that told of it."),
      Property("noise", .count, "Flaps and short-lived firings together."),
      Property("flaps", .count, "Firings of an alert that had ended less than an hour before."),
      Property("shortLived", .count, "Firings that ended within 5 minutes."),
      Property("untouched", .count, "Firings that ended with nobody doing anything here."),
      Property("acknowledged", .count, "Firings that somebody acknowledged."),
      Property("timeToResolve", .named("DurationFigures"), "From firing to its end."),
      Property("timeToAcknowledge", .named("DurationFigures"), "From firing to the first acknowledgement."),
    ]
  }

  private static var ruleStatistics: Schema {
    .object(
      "The figures of one rule.",
      Property.scope + [
        Property("rule", .text, "Its `alert` name."), Property("group", .reference, "Its group."),
        Property("severity", .text, "Of its newest firing; empty for none."),
      ] + ruleFigures)
  }

  private static var durationFigures: Schema {
    .object(
      "How durations are spread; percentiles are nearest-rank.",
      [
        Property("count", .count, "How many there are."), Property("meanSeconds", Schema.number.orNull, "Their mean."),
        Property("medianSeconds", Schema.number.orNull, "Half of them are at most this."),
        Property("p90Seconds", Schema.number.orNull, "Nine of ten are at most this."),
      ])
  }

  static var severityCount: Schema {
    .object(
      "How many of one severity.",
      [
        Property("severity", .text, "The label `severity`; empty for none."), Property("count", .count, "How many."),
      ])
  }

  private static var timelinePoint: Schema {
    .object(
      "One bucket of a timeline.",
      [
        Property("start", .time, "Its first instant."),
        Property("firings", .count, "How often an alert began to fire."),
        Property("resolved", .count, "How often one ended."),
        Property("severities", .list(of: .named("SeverityCount")), "Firings by severity; those of none are left out."),
      ])
  }
}
