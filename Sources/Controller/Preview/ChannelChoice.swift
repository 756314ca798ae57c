import ArgumentParser
import Diagnostics
import Model
import Notifier
import Specs

/// Which channel of a working tree a command is about.
struct ChannelChoice: ParsableArguments {
  @Option(help: "The tenant from which the channel is looked for; without it, the platform.")
  var tenant: String?
  @Option(help: "The project of the tenant.")
  var project: String?
  @Option(help: "A folder with platform/ and tenants/, or something within it.")
  var path = "."

  func validate() throws {
    guard project == nil || tenant != nil else { throw ValidationError("--project goes with --tenant") }
  }

  var scope: Scope {
    guard let tenant else { return .platform }
    return project.map { .project(tenant: tenant, project: $0) } ?? .tenant(tenant)
  }

  /// The channel `name` as the scope sees it, with everything that its messages go by.
  func channel(_ name: String, externalURL: String, at now: Timestamp) async throws -> SpecChannel {
    let specs = try WorkingTreeSpecs(at: path)
    var tree = SpecTree()
    tree.update(await SpecReading.read(try specs.sources(), SpecReading.withoutLints))
    let surroundings = SpecSurroundings(tree, zones: Zones { ZoneFiles.shared.rules($0) })
    guard let id = surroundings.channel(name, from: scope), case .channel(let spec)? = tree.resource(id)?.spec else {
      if let id = surroundings.channel(name, from: scope), tree.declares(id) {
        throw CommandFailure(.unsound, "channel '\(name)' has errors; `belfry check` shows them")
      }
      let known = surroundings.channelNames(from: scope)
      throw CommandFailure(
        .failed,
        "\(scope) sees no channel '\(name)'"
          + (known.isEmpty ? "" : "; it sees " + known.joined(separator: ", "))
          + "; --tenant and --project choose the scope")
    }
    let configuration = surroundings.configuration(at: now, externalURL: externalURL)
    return SpecChannel(
      id: id, spec: spec, style: configuration.style(of: id), surroundings: surroundings, scope: scope)
  }
}

/// A channel of a working tree.
struct SpecChannel {
  let id: ResourceID
  let spec: ChannelSpec
  let style: MessageStyle
  let surroundings: SpecSurroundings
  /// From where it was looked for.
  let scope: Scope

  /// The channel itself, ready to send.
  func made(_ secrets: any SecretResolver, egress: EgressPolicy = .open) -> any Channel {
    Channels(
      secrets: secrets, egress: egress, userAgent: "Belfry/" + belfryVersion, clock: SystemClock(), nonce: randomNonce
    ).channel(id, spec, style: style)
  }
}
