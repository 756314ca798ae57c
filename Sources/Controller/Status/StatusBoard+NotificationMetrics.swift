import Model
import Notifier
import Reconciler
import Specs
import StatusAPI

/// How channels do, under Alertmanager's names with `belfry_` in front; `integration` is the kind of channel.
extension StatusBoard {
  func notificationMetrics(_ view: View, _ bound: inout MetricBound) -> [MetricFamily] {
    let all = view.channels.sorted { $0.key < $1.key }.map { id, health in
      ChannelMetrics.Channel(id: id, kind: Self.kind(of: id, in: view), health: health)
    }
    return ChannelMetrics(all, &bound).families
  }

  private static func kind(of id: ResourceID, in view: View) -> String {
    guard case .channel(let spec) = view.live[id.scope]?[id]?.spec else { return "" }
    return spec.kind.rawValue
  }

  func suppressionMetrics(_ view: View, _ suppressed: Dispatcher.Suppressed) -> [MetricFamily] {
    let reasons = [
      ("silence", suppressed.silenced), ("inhibition", suppressed.inhibited),
      ("mute_time_interval", suppressed.timeInterval), ("cooldown", suppressed.cooldown),
      ("max_per_day", suppressed.dailyLimit), ("notifications_per_hour", suppressed.hourlyLimit),
    ]
    return [
      MetricFamily(
        name: "belfry_notifications_suppressed_total", help: "Alerts that were not told, once for each flush.",
        kind: .counter,
        samples: reasons.map { .init(labels: [Label("reason", $0.0)], value: Double($0.1)) }),
      MetricFamily(
        name: "belfry_silences", help: "Silences by state.", kind: .gauge,
        samples: Silence.State.allCases.map { state in
          .init(
            labels: [Label("state", state.rawValue)], value: Double(view.silences.count { $0.state == state }))
        }),
      MetricFamily(
        "belfry_alerts_unrouted", "Firing alerts that no route takes.", .gauge, Double(view.unroutedCount)),
    ]
  }
}

/// The health of all channels as samples.
struct ChannelMetrics {
  /// One channel.
  struct Channel {
    var id: ResourceID
    /// Such as `slack`.
    var kind: String
    var health: EndpointHealth
  }

  private let channels: [(labels: [Label], health: EndpointHealth)]
  private let failing: Int
  private let count: Int

  /// `all` ascending by id.
  init(_ all: [Channel], _ bound: inout MetricBound) {
    count = all.count
    failing = all.count { $0.health.failingSince != nil }
    channels = bound.keep(all, of: .channel) { $0.health.failingSince != nil }.map { channel in
      let id = channel.id
      return (id.scope.labels + [Label("channel", id.name), Label("integration", channel.kind)], channel.health)
    }
  }

  var families: [MetricFamily] {
    [
      MetricFamily(
        name: "belfry_channels", help: "Channels by whether they take messages.", kind: .gauge,
        samples: [("failing", failing), ("healthy", count - failing)].map {
          .init(labels: [Label("state", $0.0)], value: Double($0.1))
        }),
      family("belfry_notifications_total", "Messages delivered or given up.", .counter) {
        $0.delivered + $0.gaveUp
      },
      family("belfry_notifications_failed_total", "Messages given up.", .counter, \.gaveUp),
      family("belfry_notifications_dropped_total", "Messages that a full queue let go.", .counter, \.dropped),
      family(
        "belfry_notifications_merged_total", "Messages delivered together with others in one.", .counter, \.merged),
      family("belfry_notification_requests_total", "Attempts to deliver.", .counter, \.posts),
      failures,
      family("belfry_notification_request_bytes_total", "Bytes handed over.", .counter, \.bytes),
      latency,
      family("belfry_notification_queue_length", "Messages that wait.", .gauge, \.waiting),
      endpoints,
    ]
  }

  private func family(
    _ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: (EndpointHealth) -> Int
  ) -> MetricFamily {
    MetricFamily(
      name: name, help: help, kind: kind,
      samples: channels.map { .init(labels: $0.labels, value: Double(value($0.health))) })
  }

  private var failures: MetricFamily {
    MetricFamily(
      name: "belfry_notification_requests_failed_total", help: "Attempts that failed.", kind: .counter,
      samples: channels.flatMap { channel in
        channel.health.failures.sorted { $0.key < $1.key }.map {
          .init(labels: channel.labels + [Label("reason", $0.key)], value: Double($0.value))
        }
      })
  }

  private var latency: MetricFamily {
    MetricFamily(
      name: "belfry_notification_latency_seconds", help: "What attempts took.", kind: .histogram,
      samples: channels.flatMap { labels, health in
        var samples = zip(LatencyHistogram.bounds, health.latency.cumulative).map { bound, count in
          MetricFamily.Sample(
            suffix: "_bucket", labels: labels + [Label("le", String(bound))], value: Double(count))
        }
        samples.append(
          .init(suffix: "_bucket", labels: labels + [Label("le", "+Inf")], value: Double(health.latency.count)))
        samples.append(
          .init(suffix: "_sum", labels: labels, value: Double(health.latency.sum.wholeMilliseconds) / 1000))
        samples.append(.init(suffix: "_count", labels: labels, value: Double(health.latency.count)))
        return samples
      })
  }

  /// Each endpoint of a pool by its position.
  private var endpoints: MetricFamily {
    MetricFamily(
      name: "belfry_channel_endpoint_up", help: "Whether an endpoint took what it was last sent.", kind: .gauge,
      samples: channels.flatMap { labels, health in
        health.endpoints.enumerated().map { position, endpoint in
          .init(
            labels: labels + [Label("endpoint", String(position))], value: endpoint.failingSince == nil ? 1 : 0)
        }
      })
  }
}
