import ArgumentParser
import JSON
import Model
import Notifier

/// `belfry render`: what a channel would send.
struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what a channel would send for an alert; nothing is sent.",
    discussion: """
      Takes the channel from a working tree and the alert from the arguments, or from a live controller. Where a rule has
      the alert's name, its annotations are used. Secrets show as their names.

      Example: belfry render --tenant shop --channel oncall --alert alertname=CheckoutErrors severity=critical
      Example: belfry render --tenant shop --channel oncall --fingerprint 633ea8867b83bf1a --url http://127.0.0.1:8080
      """)

  @OptionGroup var choice: ChannelChoice
  @Option(help: "The channel.")
  var channel: String
  @Option(parsing: .upToNextOption, help: "Labels of an alert, name=value; repeated for several alerts.")
  var alert: [String] = []
  @Option(parsing: .upToNextOption, help: "Annotations of the alert, name=text.")
  var annotation: [String] = []
  @Option(help: "The alert's value.")
  var value = 1.0
  @Flag(help: "The alert has resolved.")
  var resolved = false
  @Option(help: "How many alerts like it, told apart by the label 'instance'.")
  var count = 1
  @Option(help: "The fingerprint of an alert that a live controller knows.")
  var fingerprint: String?
  @Option(help: "The live controller's address (or BELFRY_URL).")
  var url: String?
  @Option(help: "A token that may read there (or BELFRY_TOKEN).")
  var token: String?
  @Option(help: "The controller's own address in links.")
  var externalURL = "https://belfry.example.com"

  func validate() throws {
    guard alert.isEmpty != (fingerprint == nil) else {
      throw ValidationError("say which alert: --alert alertname=… severity=…, or --fingerprint of a live one")
    }
    guard (1...1000).contains(count) else { throw ValidationError("--count \(count): 1 to 1000 is accepted") }
  }

  func run() async throws {
    let now = SystemClock().now
    let chosen = try await choice.channel(channel, externalURL: externalURL, at: now)
    let alerts = try await alerts(for: chosen, at: now)
    let first = alerts[0]
    let message = Message(
      owner: first.scope.owner, groupKey: "{}:" + Labels([Label("alertname", first.labels["alertname"])]).description,
      channel: chosen.id, reason: resolved ? .allResolved : .first,
      groupLabels: Labels([Label("alertname", first.labels["alertname"])]), alerts: alerts, externalURL: externalURL,
      at: now)
    Console.result(await Self.rendered(message, by: chosen))
  }

  /// What the channel hands over, up to the first answer that it takes for a yes.
  private static func rendered(_ message: Message, by chosen: SpecChannel) async -> String {
    var failure: (text: String, error: DeliveryError)?
    for consent in CapturedRequests.consents {
      let captured = CapturedRequests(answer: consent)
      var outlet = captured.outlet
      do throws(DeliveryError) {
        _ = try await chosen.made(NamedSecrets(spec: chosen.spec)).send(Post([message]), through: &outlet)
        return captured.text
      } catch {
        if failure == nil { failure = (captured.text, error) }
      }
    }
    if let failure { Console.note("the message could not be made whole: \(failure.error)") }
    return failure?.text ?? ""
  }

  private func alerts(for chosen: SpecChannel, at now: Timestamp) async throws -> [Alert] {
    var one: Alert
    if let fingerprint {
      let client = try StatusClient(url: url ?? environment("BELFRY_URL") ?? "http://127.0.0.1:8080", token: token)
      let answer = try await client.get("/api/v1/alerts/" + fingerprint.percentEncoded)
      one = try PreviewAlert.alert(fromAPI: answer["alert"] ?? .null)
    } else {
      one = PreviewAlert.alert(
        Labels(try Self.pairs(alert, "--alert")), annotations: try Self.pairs(annotation, "--annotation"), value: value,
        in: chosen.scope, chosen.surroundings, at: now)
    }
    if resolved {
      one.state = .resolved
      one.resolvedAt = now
    }
    guard count > 1 else { return [one] }
    return (1...count).map { number in
      var alert = one
      alert.labels["instance"] = "host-\(number)"
      alert.fingerprint = Fingerprint(alert.labels)
      return alert
    }
  }

  static func pairs(_ texts: [String], _ option: String) throws -> [Label] {
    try texts.map { text in
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
        throw CommandFailure(.usage, "\(option) '\(text)': name=value is accepted")
      }
      return Label(String(text[..<sign]), String(text[text.index(after: sign)...]))
    }
  }
}
