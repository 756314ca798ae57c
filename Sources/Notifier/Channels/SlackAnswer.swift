import JSON
import Model

/// What Slack's answers mean (https://api.slack.com/methods/chat.postMessage#errors and
/// https://api.slack.com/messaging/webhooks#handling_errors).
enum SlackAnswer {
  /// Of the Web API: `ok` decides, whatever the status.
  ///
  /// - Throws: what a refusal means; ``DeliveryError/rejected(_:)`` with the code where nothing else is known of it.
  static func check(_ answer: VendorAnswer) throws(DeliveryError) {
    if answer.status == 429 { throw .throttled(retryAfter: answer.retryAfter) }
    guard let isTaken = answer.json?["ok"]?.bool else {
      try answer.checkStatus()
      throw .ambiguous("answered \(answer.status) with something that is not Slack's: " + answer.text)
    }
    if isTaken { return }
    throw error(answer.words("error") ?? "unknown error", retryAfter: answer.retryAfter)
  }

  static func error(_ code: String, retryAfter: Duration?) -> DeliveryError {
    switch code {
    case "ratelimited", "rate_limited": .throttled(retryAfter: retryAfter)
    case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_permission",
      "ekm_access_denied", "access_denied", "enterprise_is_restricted", "team_access_not_granted",
      "not_allowed_token_type", "org_login_required", "two_factor_setup_required", "team_disabled":
      .unauthorised("refused: " + code)
    case "missing_scope": .unauthorised("refused: missing_scope; the app needs the scope chat:write")
    case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org",
      "accesslimited":
      .unreachable("failed: " + code)
    case "not_in_channel": .rejected("refused: not_in_channel; invite the app into the channel")
    case "channel_not_found":
      .rejected("refused: channel_not_found; there is none of this id or name, or it is private and without the app")
    default: .rejected("refused: " + code)
    }
  }

  /// The codes after which the group's old message can't be used any more, so that a fresh one is written.
  static let lostMessage: Set = [
    "message_not_found", "thread_not_found", "invalid_thread_ts", "cant_update_message", "edit_window_closed",
    "cannot_reply_to_message", "update_failed", "channel_not_found", "is_inactive", "restricted_action_thread_locked",
  ]

  /// Of an incoming webhook: `ok`, or a code as text.
  static func checkWebhook(_ answer: VendorAnswer) throws(DeliveryError) {
    guard 200..<300 ~= answer.status else {
      switch answer.text {
      case "invalid_token", "no_service", "no_service_id", "no_team", "team_disabled", "no_active_hooks":
        throw .unauthorised("answered \(answer.status): \(answer.text); make a new webhook")
      case "rollup_error": throw .unreachable("answered \(answer.status): rollup_error")
      default: try answer.checkStatus()
      }
      return
    }
    if answer.text == "ok" || answer.json?["ok"]?.bool == true { return }
    if let code = answer.words("error") { throw error(code, retryAfter: answer.retryAfter) }
    throw .ambiguous("answered \(answer.status) with something other than 'ok': " + answer.text)
  }
}
