import Model

/// What keeps samples of an embedded source from being taken, for the log: one event when it begins, one when it ends.
enum FeedTrouble: Hashable {
  /// The store has no room for new series.
  case full(ResourceID)
  /// A target doesn't answer, or not with metrics.
  case down(ResourceID, job: String, instance: String)

  /// Logs the beginning.
  func began(_ error: String, _ log: EventLog) {
    switch self {
    case .full(let id): log.event("embedded.full", .warning, ["source": id.description, "error": error])
    case .down(let id, let job, let instance):
      log.event(
        "scrape.failing", .warning,
        ["source": id.description, "job": job, "instance": instance, "error": error])
    }
  }

  /// Logs the end.
  func ended(_ log: EventLog) {
    switch self {
    case .full(let id): log.event("embedded.room-again", .info, ["source": id.description])
    case .down(let id, let job, let instance):
      log.event("scrape.recovered", .info, ["source": id.description, "job": job, "instance": instance])
    }
  }
}
