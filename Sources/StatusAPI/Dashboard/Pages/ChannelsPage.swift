import Model

/// Where pages go, whether they arrive, and what was sent last.
struct ChannelsPage: PageContent {
  var channels: [ResourceView]
  var deliveries: Result<Page<DeliveryRecord>, SourceUnavailable>
  static let shown = 100
  static let shownDeliveries = 50

  func title(_ language: Language) -> String { Phrase.channels.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.channels), count: channels.count) { $0.filter("channel-rows") }
    writer.element("section", class: "card") {
      if channels.isEmpty {
        $0.empty(.noChannels)
      } else {
        $0.table("channel-rows", [.channel, .type, .health, .recent, .queued, .lastDelivered]) { writer in
          for channel in channels { row(channel, to: &writer) }
        }
      }
    }
    writer.card("deliveries", .whatWasSent) { writer in
      switch deliveries {
      case .failure(let error): writer.unavailable(error)
      case .success(let page) where page.elements.isEmpty: writer.empty(.nothingSent)
      case .success(let page):
        writer.element("ol", class: "feed") { writer in
          for record in page.elements { DeliveryItem(record: record).write(to: &writer) }
        }
      }
    }
    if case .success(let page) = deliveries, page.hasMore {
      writer.pager("channels", next: page.elements.last?.id.opaqueText)
    }
  }

  private func row(_ view: ResourceView, to writer: inout HTMLWriter) {
    let id = view.summary.record.id
    let channel = view.channel
    writer.row(id.opaque) {
      $0.cell(.channel, class: "main") {
        $0.link("resources/" + id.opaque, class: "row-link") { $0.outside(id.name) }
        $0.outside(id.scope.description, class: "quiet")
      }
      $0.cell(.type, channel?.type ?? "–")
      $0.cell(.health) {
        $0.badge(channel?.health.status ?? view.summary.health.status)
        $0.outside(channel?.lastError ?? channel?.health.message ?? "", class: "quiet clip")
      }
      $0.cell(.recent) { writeRecent(id, to: &$0) }
      $0.cell(.queued, class: "number", String(channel?.queued ?? 0))
      $0.cell(.lastDelivered) { $0.time(channel?.lastDeliveredAt) }
    }
  }

  /// The channel's last attempts as a row of small bars: tall for what arrived, short and filled for what did not.
  private func writeRecent(_ id: ResourceID, to writer: inout HTMLWriter) {
    guard case .success(let page) = deliveries else { return }
    let own = page.elements.filter { $0.channel == id }.prefix(20).reversed()
    guard !own.isEmpty else {
      writer.quiet("–")
      return
    }
    let good = own.count { $0.outcome == .delivered || $0.outcome == .observed }
    writer.element(
      "svg", class: "spark",
      [
        "viewBox": "0 0 100 16", "width": "100", "height": "16", "role": "img",
        "aria-label": writer.phrase(.arrived, String(good), String(own.count)),
      ]
    ) { writer in
      for (index, record) in own.enumerated() {
        let failed = Tone(record.outcome) == .bad
        writer.void(
          "rect", class: Tone(record.outcome).rawValue,
          [
            "x": String(index * 5), "y": failed ? "8" : "1", "width": "3", "height": failed ? "8" : "15", "rx": "1",
          ])
        writer.markup("</rect>")
      }
    }
    writer.quiet("\(good)/\(own.count)")
  }
}
