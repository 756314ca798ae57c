import ArgumentParser
import Glibc
import Model
import Notifier
import Specs
import Transport

/// `belfry channel`: try channels before they are needed.
struct ChannelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "channel", abstract: "Try channels.", subcommands: [ChannelTest.self])
}

/// `belfry channel test`: sends one marked message.
struct ChannelTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Send a test message by a channel of a working tree.",
    discussion: """
      The message says that it is a test and names nobody. Each endpoint of a pool gets one. Asks before it sends, unless
      --yes is given. Exits with 0 when every endpoint took it, with 5 when credentials were refused, with 6 when nobody
      could be reached, with 1 for any other refusal.

      Example: belfry channel test oncall --tenant shop --secrets-dir secrets
      """)

  @Argument(help: "The channel.")
  var name: String
  @OptionGroup var choice: ChannelChoice
  @Option(help: "The folder with the secrets, as the controller has it.")
  var secretsDir: String?
  @Flag(name: .customLong("yes"), help: "Send without asking.")
  var isConfirmed = false

  func run() async throws {
    let chosen = try await choice.channel(name, externalURL: "", at: SystemClock().now)
    let count = Credential.endpoints(of: chosen.id, chosen.spec).count
    let what =
      "a test message by channel '\(chosen.id.name)' of \(chosen.id.scope) (\(chosen.spec.kind.rawValue)"
      + (count > 1 ? ", \(count) endpoints)" : ")")
    guard isConfirmed || Self.confirm("Send " + what + "?") else {
      throw CommandFailure(.failed, "nothing was sent; answer yes, or give --yes")
    }
    let transport = try CurlTransport(version: belfryVersion)
    let channel = chosen.made(SecretStore(folder: secretsDir))
    var failures: [DeliveryError] = []
    for endpoint in 0..<count {
      var outlet = Outlet(http: transport, mail: transport) { Console.result($0) }
      let place = count > 1 ? "endpoint \(endpoint + 1): " : ""
      do throws(DeliveryError) {
        let post = Post([Self.message(for: chosen)], endpoint: endpoint, isTest: true)
        let receipt = try await channel.send(post, through: &outlet)
        Console.result(place + "taken: " + receipt.detail)
      } catch {
        failures.append(error)
        Console.note(place + "not taken: \(error)")
      }
    }
    if let exit = failures.map(\.exit).max(by: { $0.rawValue < $1.rawValue }) { throw exit.code }
  }

  private static func message(for chosen: SpecChannel) -> Message {
    let now = SystemClock().now
    let labels: Labels = ["alertname": "BelfryChannelTest", "severity": "info"]
    let alert = Alert(
      scope: chosen.scope, labels: labels, annotations: [], state: .firing, value: 1, activeAt: now, firedAt: now,
      rule: RuleReference(
        group: ResourceID(chosen.scope, .ruleGroup, "test"), rule: "BelfryChannelTest",
        provenance: Provenance(file: "", line: 0)), generatorURL: "")
    return Message(
      owner: chosen.scope.owner, groupKey: "{}:{alertname=\"BelfryChannelTest\"}", channel: chosen.id, reason: .first,
      groupLabels: ["alertname": "BelfryChannelTest"], alerts: [alert], at: now)
  }

  /// Asks on a terminal; without one, nobody can say yes.
  private static func confirm(_ question: String) -> Bool {
    guard isatty(STDIN_FILENO) == 1 else { return false }
    Console.note(question + " [y/N]")
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }
}

extension DeliveryError {
  /// What a command that met it exits with.
  fileprivate var exit: Exit {
    switch self {
    case .rejected: .failed
    case .unauthorised: .notAuthorised
    case .throttled, .unreachable, .ambiguous: .unreachable
    }
  }
}
