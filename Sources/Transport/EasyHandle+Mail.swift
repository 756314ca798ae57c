import CCurl
import Model

extension EasyHandle {
  func prepare(_ mail: MailSubmission) {
    setUp(for: mail.options)
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    // Leaves the loop free: see there.
    ccurl_leave_without_waiting(easy, callbacks)
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, (mail.options.timeout.wholeMilliseconds + 999) / 1000)
    set(CURLOPT_FRESH_CONNECT, 1)
    set(CURLOPT_FORBID_REUSE, 1)
    set(CURLOPT_HTTPPROXYTUNNEL, mail.options.proxy == nil ? 0 : 1)
    set(CURLOPT_URL, mail.url)
    set(CURLOPT_USE_SSL, Int((mail.security == .startTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue))
    if let username = mail.username {
      set(CURLOPT_USERNAME, username)
      set(CURLOPT_PASSWORD, mail.password?.reveal() ?? "")
      set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN;AUTH=CRAM-MD5")
    }
    set(CURLOPT_MAIL_FROM, mail.sender)
    _ = ccurl_set_list(easy, CURLOPT_MAIL_RCPT, makeList(mail.recipients))
    set(CURLOPT_UPLOAD, 1)
    _ = ccurl_set_upload_size(easy, mail.message.count)
    progress = Progress(egress: mail.options.egress, mail: MailProgress(mail))
  }
}

extension EasyHandle.MailProgress {
  fileprivate init(_ mail: MailSubmission) {
    self.init(
      dialogue: SMTPDialogue(startsTLS: mail.security == .startTLS, logsIn: mail.username != nil),
      message: mail.message,
      needsLoopback: mail.security == .none && mail.username != nil)
  }
}

extension MailSubmission {
  /// libcurl takes the path for the name in EHLO.
  fileprivate var url: String {
    let address = host.utf8.contains(UInt8(ascii: ":")) && !host.hasPrefix("[") ? "[\(host)]" : host
    return "\(security == .implicitTLS ? "smtps" : "smtp")://\(address):\(port)/\(hello)"
  }
}
