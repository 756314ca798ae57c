import JSON

extension OpenAPIDocument {
  /// What is counted and compared, and what happens.
  static var figureOperations: [APIOperation] {
    let since = APIParameter.query(
      "since", .text(format: "belfry-moment"), "A time in RFC 3339, or how long ago it is: `8h`.")
    return [
      APIOperation(
        path: "/api/v1/rules", id: "listRules", tag: .live, summary: "The rules of all groups",
        parameters: [
          .tenant, .project,
          .query("state", .list(of: .words(of: RuleFilter.State.self)), "Only these states; all unless given."),
          .query("health", .words(of: RuleFilter.Health.self), "How the last evaluation went."),
          .query("q", .text, "Part of the rule's name or of its group's, in any case."), .limit, .cursor("rules"),
        ], body: .json(.named("RuleList"))),
      APIOperation(
        path: "/api/v1/channels", id: "listChannels", tag: .live, summary: "Every channel and how it does",
        parameters: [.tenant, .project, .limit, .cursor("channels")], body: .json(.named("ChannelList")),
        refusals: [.unavailable]),
      APIOperation(
        path: "/api/v1/stats", id: "getStats", tag: .figures, summary: "What fired, how long, and how it was told",
        description: "Over a window; the last 7 days unless given.",
        parameters: [
          .tenant, .project, since,
          .query("until", .text(format: "belfry-moment"), "The same for the window's end; now unless given."),
          .query(
            "top",
            Schema.count.with("minimum", 1).with("maximum", .integer(Int64(StatsFilter.largestTop)))
              .with("default", .integer(Int64(StatsFilter.usualTop))), "How many rules each list has at most."),
        ], body: .json(.named("Stats")), refusals: [.unavailable]),
      APIOperation(
        path: "/api/v1/changes", id: "getChanges", tag: .figures, summary: "What happened since somebody looked last",
        description: "The last 8 hours unless `since` is given.", parameters: [.tenant, .project, since],
        body: .json(.named("ChangeReport")), refusals: [.unavailable]),
      APIOperation(
        path: "/api/v1/events", id: "streamEvents", tag: .events, summary: "What happens, as it happens",
        description: """
          Server-sent events: `alert`, with a transition as `/api/v1/history` has it; `delivery`; `sync`; and `status`, \
          which says that something else changed, or with `lost` that events are missing: read the documents again. \
          `id` is `null` in them. A reader that connects again sends `Last-Event-ID`.
          """,
        parameters: [
          .query("tenant", .text, "A tenant together with its projects."),
          .query(
            "last", .text(format: "belfry-event"), "The id of the last event seen, for readers without the header."),
        ], body: .stream("An endless stream."), refusals: [.notFound, .unavailable]),
    ]
  }
}
