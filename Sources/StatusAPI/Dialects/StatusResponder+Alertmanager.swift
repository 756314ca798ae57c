import JSON
import Model

/// What is answered from live alerts in Alertmanager's way.
extension StatusResponder {
  func alertmanagerAlerts(of tenant: String?, _ reading: Reading) async throws(APIError) -> [UInt8] {
    var filter = try AlertmanagerFilter(reading.parameters)
    let alerts = await source.book().alerts(of: tenant, for: reading.reader)
    let opening = AlertmanagerAlert.opening(endsAt: await source.now() + AlertmanagerAlert.promise)
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    bytes.reserveCapacity(alerts.count * 640)
    let seesAll = reading.reader == .all
    for entry in alerts {
      guard seesAll || reading.reader.allows(entry.view.alert.scope), filter.takes(entry) else { continue }
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      bytes += opening
      bytes += entry.alertmanagerMembers(for: reading.reader)
    }
    bytes.append(UInt8(ascii: "]"))
    return bytes
  }

  /// One group for each receiver of a notifier's group, by labels, then receiver.
  func alertmanagerGroups(of tenant: String?, _ reading: Reading) async throws(APIError) -> [UInt8] {
    var filter = try AlertmanagerFilter(reading.parameters)
    let reader = reading.reader
    var entries: [GroupMember: AlertEntry] = [:]
    for entry in await source.book().alerts(of: tenant, for: reader) where filter.takes(entry) {
      entries[GroupMember(entry.view.alert.fingerprint, entry.view.alert.scope)] = entry
    }
    let groups = await source.groups(of: tenant, PageRequest(limit: everything), for: reader).elements
    var told: [(labels: Labels, receiver: String, members: [AlertEntry])] = []
    for group in groups where reader.allows(group.id.owner) {
      let members = group.alerts.compactMap { member in
        reader.allows(member.scope) ? entries[GroupMember(member.fingerprint, member.scope)] : nil
      }
      guard !members.isEmpty else { continue }
      for channel in group.channels where filter.takes(channel) {
        guard reader.allows(channel.scope) || channel.scope == .platform else { continue }
        told.append((group.labels, channel.receiverName, members))
      }
    }
    told.sort { left, right in
      left.labels == right.labels ? left.receiver.precedesInBytes(right.receiver) : left.labels < right.labels
    }
    let opening = AlertmanagerAlert.opening(endsAt: await source.now() + AlertmanagerAlert.promise)
    var writer = JSONWriter(capacity: 4096)
    writer.beginArray()
    for group in told {
      writer.object {
        $0.array("alerts", group.members) { entry, writer in
          // Asked for some receivers, Alertmanager names no others here.
          let members =
            filter.hasReceiver
            ? AlertmanagerAlert.members(of: filter.limited(entry.view), for: reader)
            : entry.alertmanagerMembers(for: reader)
          writer.raw(opening + members)
        }
        $0.labels("labels", group.labels.pairs)
        $0.object("receiver") { $0.member("name", group.receiver) }
      }
    }
    writer.endArray()
    return writer.bytes
  }

  func alertmanagerReceivers(of tenant: String?, _ reading: Reading) async -> [UInt8] {
    let routing = await source.routing(of: tenant, for: reading.reader).limited(to: reading.reader)
    var writer = JSONWriter(capacity: 1024)
    writer.beginArray()
    for name in routing.receivers { writer.object { $0.member("name", name) } }
    writer.endArray()
    return writer.bytes
  }

  func alertmanagerStatus(of tenant: String?, _ reading: Reading) async -> [UInt8] {
    let routing = await source.routing(of: tenant, for: reading.reader).limited(to: reading.reader)
    let since = await source.runningSince()
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.object("cluster") {
        $0.array("peers", [String]()) { $1.string($0) }
        $0.member("status", "disabled")
      }
      $0.object("config") { $0.member("original", AlertmanagerConfiguration(routing).yaml) }
      $0.member("uptime", since.alertmanager)
      $0.object("versionInfo") { $0.build(DialectVersion.alertmanager, version) }
    }
    return writer.bytes
  }

  /// The version for karma, and how many alerts there are.
  func alertmanagerMetrics(of tenant: String?, _ reading: Reading) async -> [UInt8] {
    var active = 0
    var suppressed = 0
    for entry in await source.book().alerts(of: tenant, for: reading.reader) where entry.view.alert.state == .firing {
      if entry.view.isSuppressed { suppressed += 1 } else { active += 1 }
    }
    let families = [
      MetricFamily(
        name: "alertmanager_build_info", help: "The version of Alertmanager's API that Belfry answers in.",
        kind: .gauge,
        samples: [
          .init(
            labels: [
              Label("branch", "belfry"), Label("goversion", ""), Label("revision", "belfry " + version.version),
              Label("version", DialectVersion.alertmanager),
            ], value: 1)
        ]),
      MetricFamily(
        name: "alertmanager_alerts", help: "How many alerts by state.", kind: .gauge,
        samples: [
          .init(labels: [Label("state", "active")], value: Double(active)),
          .init(labels: [Label("state", "suppressed")], value: Double(suppressed)),
        ]),
    ]
    return Array(families.text.utf8)
  }

  /// More than any list has.
  var everything: Int { 1 << 40 }
}

/// What tells the members of groups apart.
private struct GroupMember: Hashable {
  let fingerprint: Fingerprint
  let scope: Scope

  init(_ fingerprint: Fingerprint, _ scope: Scope) {
    self.fingerprint = fingerprint
    self.scope = scope
  }
}

extension AlertEntry {
  /// ``AlertmanagerAlert/members(of:)``, kept with the entry for those who may see all of it.
  fileprivate func alertmanagerMembers(for reader: Visibility) -> [UInt8] {
    if reader != .all, !view.isWhole(for: reader) { return AlertmanagerAlert.members(of: view, for: reader) }
    return fragment(.alertmanager) { AlertmanagerAlert.members(of: $0) }
  }
}

extension JSONWriter {
  /// The members of a build's description: `version` as clients compare it, and in `revision` what really answers.
  mutating func build(_ version: String, _ belfry: VersionView) {
    member("branch", "belfry")
    member("buildDate", "")
    member("buildUser", "")
    member("goVersion", "")
    member("revision", "belfry " + belfry.version)
    member("version", version)
  }
}
