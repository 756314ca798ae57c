import Model

extension ChannelQueue.Attempt {
  /// By what the message can be changed or answered; `nil` for a merged one, which isn't that of one group.
  func handle(of result: Result<Receipt, DeliveryError>) -> String? {
    guard !post.isDigest, case .success(let receipt) = result else { return nil }
    return receipt.handle
  }
}

extension DeliveryRecord {
  /// One message of a try that has ended.
  init(
    _ part: ChannelQueue.Try, of attempt: ChannelQueue.Attempt,
    _ result: Result<Receipt, DeliveryError>,
    _ conclusion: ChannelQueue.Conclusion, bytes: Int, finishedAt: Timestamp
  ) {
    let (outcome, error, detail): (Outcome, String, String) =
      switch result {
      case .success(let receipt): (.delivered, "", receipt.detail)
      case .failure(let error): (error.outcome, error.reason, error.description)
      }
    var next: Timestamp?
    if case .willRetry(let time) = conclusion { next = time }
    self.init(
      part.delivery.message, attempt: part.number, startedAt: attempt.startedAt,
      finishedAt: finishedAt, outcome, error,
      detail)
    endpoint = attempt.post.endpoint
    self.bytes = bytes
    merged = attempt.tries.count
    nextAttemptAt = next
  }

  /// A message that a full queue let go.
  init(dropped part: ChannelQueue.Try, capacity: Int, at now: Timestamp) {
    self.init(
      part.delivery.message, attempt: part.number, startedAt: now, finishedAt: now, .throttled,
      "rateLimited",
      "let go as the least important of \(capacity) messages that wait; its group tries again at its next flush"
    )
  }

  private init(
    _ message: Message, attempt: Int, startedAt: Timestamp, finishedAt: Timestamp,
    _ outcome: Outcome,
    _ error: String, _ detail: String
  ) {
    self.init(
      owner: message.owner, groupKey: message.groupKey, channel: message.channel, attempt: attempt,
      startedAt: startedAt, finishedAt: finishedAt, outcome: outcome,
      detail: detail.onOneLine(limit: 500),
      error: error, reason: message.reason.rawValue, firing: message.firing.count,
      resolved: message.resolved.count,
      alerts: message.alerts.map(\.fingerprint))
  }
}

extension DeliveryError {
  /// As the ledger names it.
  fileprivate var outcome: DeliveryRecord.Outcome {
    switch self {
    case .rejected, .unauthorised: .rejected
    case .throttled: .throttled
    case .unreachable, .ambiguous: .unreachable
    }
  }
}
