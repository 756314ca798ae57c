/// Where webhooks are listened for, and the file with what they are signed with.
struct WebhookSettings: Sendable {
  var listen: Settings.Address
  var secretFile: String
}

extension SettingReader {
  /// The settings of webhooks: both or none.
  mutating func webhook() -> WebhookSettings? {
    let listen = address("webhook-listen")
    switch (listen, text("webhook-secret-file")) {
    case (let listen?, let file?): return WebhookSettings(listen: listen, secretFile: file)
    case (nil, let file?) where text("webhook-listen") == nil:
      problems.append("--webhook-secret-file '\(file)' is for --webhook-listen, which is missing; give both or none")
    case (.some, nil):
      problems.append(
        "--webhook-listen needs --webhook-secret-file, a file with the webhook's secret, one a line: "
          + "without a secret anybody could ask for looks")
    default: break
    }
    return nil
  }
}
