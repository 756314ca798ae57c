import CCurl
import Model

/// One of libcurl's easy handles, and the exchange that is under way on it.
///
/// Handles are used again and remember what they were set to: a request like the last one sets next to nothing.
/// Thread only.
final class EasyHandle {
  /// What has come of the exchange up to now.
  struct Progress {
    var head: [UInt8] = []
    var isHeadWhole = false
    var body: [UInt8] = []
    var responseLimit = 0
    var cutsLongAnswers = false
    /// Whether the rest of the body was left out: then libcurl takes the exchange for broken off.
    var isCut = false
    /// Why a callback broke the exchange off.
    var failure: TransportError?
    var egress = EgressPolicy.open
    var mail: MailProgress?
  }

  /// The part of ``Progress`` that only mail has.
  struct MailProgress {
    var dialogue: SMTPDialogue
    var message: [UInt8]
    var sent = 0
    /// Credentials would go out in the clear, so only loopback will do.
    var needsLoopback: Bool
  }

  let easy: UnsafeMutableRawPointer
  let callbacks: UnsafeMutablePointer<ccurl_callbacks>
  let errorText: UnsafeMutablePointer<CChar>
  let userAgent: String
  var progress = Progress()
  /// What the handle is set to; `nil` before it is set to anything.
  var connectionOptions: ConnectionOptions?
  var shape = RequestShape()
  var lists: [UnsafeMutablePointer<curl_slist>] = []
  private var submission: Submission?

  /// `nil` when there is no memory for it.
  init?(loop: OpaquePointer, userAgent: String) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.userAgent = userAgent
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: Self.callbacks(loop: loop))
    callbacks.pointee.context = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit {
    curl_easy_cleanup(easy)
    for list in lists { curl_slist_free_all(list) }
    callbacks.deallocate()
    errorText.deallocate()
  }

  /// The object that owns `easy`.
  static func of(_ easy: UnsafeMutableRawPointer) -> EasyHandle? {
    ccurl_get_private(easy).map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
  }

  var ticket: Ticket? { submission?.ticket }

  /// Mail sets a handle up in ways that must not reach another exchange.
  var isReusable: Bool { progress.mail == nil }

  func isSet(for options: ConnectionOptions) -> Bool {
    connectionOptions == options
  }

  func prepare(_ submission: Submission) {
    self.submission = submission
    errorText.pointee = 0
    switch submission.exchange {
    case .http(let request, _): prepare(request)
    case .mail(let mail, _): prepare(mail)
    }
  }

  /// Ends the exchange without an answer.
  func fail(_ error: TransportError) {
    submission?.exchange.fail(error)
    clear()
  }

  /// Ends the exchange as libcurl says that it ended.
  func finish(_ code: CURLcode) {
    switch submission?.exchange {
    case .http(_, let continuation)?:
      continuation.resume(returning: response(code))
    case .mail(let mail, let continuation)?:
      continuation.resume(returning: reply(code, to: mail))
    case nil:
      break
    }
    clear()
  }

  private func clear() {
    submission = nil
    progress.head = []
    progress.body = []
    releaseLargeBody()
  }

  private func response(_ code: CURLcode) -> Result<RawResponse, TransportError> {
    guard code == CURLE_OK || code == CURLE_WRITE_ERROR && progress.isCut else {
      let wasSent = ccurl_get_long(easy, CURLINFO_REQUEST_SIZE) > 0
      return .failure(error(code, target: authority(of: shape.url), requestWasSent: wasSent))
    }
    let status = ccurl_get_long(easy, CURLINFO_RESPONSE_CODE)
    return .success(RawResponse(status: status, head: progress.head, body: progress.body))
  }

  /// The error for `code`; a callback that broke the exchange off knows better why.
  private func error(_ code: CURLcode, target: String, requestWasSent: Bool) -> TransportError {
    if let failure = progress.failure, code != CURLE_OPERATION_TIMEDOUT { return failure }
    let detail = String(cString: errorText)
    return TransportError(code, detail: detail, target: target, requestWasSent: requestWasSent)
  }

  private func reply(_ code: CURLcode, to mail: MailSubmission) -> Result<String, MailError> {
    guard let state = progress.mail else { return .failure(.transport(.cancelled)) }
    let text = state.dialogue.text(hiding: mail.password)
    if code == CURLE_OK { return .success(text) }
    let target = "\(mail.host):\(mail.port)"
    if progress.failure == nil, code != CURLE_OPERATION_TIMEDOUT {
      if state.dialogue.code >= 400 { return .failure(.refused(code: state.dialogue.code, text)) }
      if code == CURLE_LOGIN_DENIED {
        let reason = "'\(target)' offers no way to log in that is spoken here; PLAIN, LOGIN and CRAM-MD5 are"
        return .failure(.transport(.unsendable(reason)))
      }
    }
    return .failure(.transport(error(code, target: target, requestWasSent: state.sent > 0)))
  }
}
