package import JSON
package import Model

/// The group that an alert is told in, on one channel.
package struct NotificationGroupView: Hashable, Sendable {
  /// What keeps the alert back, beside silences, inhibitions and intervals.
  package struct Hold: Hashable, Sendable {
    /// `cooldown`, `max_per_day` or `notifications_per_hour`.
    package var reason: String
    package var until: Timestamp

    package init(reason: String, until: Timestamp) {
      self.reason = reason
      self.until = until
    }
  }

  package var key: String
  package var channel: ResourceID
  package var labels: Labels
  /// How many alerts the group has, as far as the reader may see them.
  package var size: Int
  package var lastSentAt: Timestamp?
  package var nextFlushAt: Timestamp?
  /// Whether the last message on this channel told this alert as firing.
  package var wasTold: Bool
  /// Whether a message is on its way.
  package var isUnderWay: Bool
  /// Silences, by their ids, inhibition and intervals keep the alert from being told now.
  package var isMuted: Bool
  /// The intervals of the route that mute it now.
  package var mutedBy: [ResourceID]
  package var hold: Hold?

  package init(
    key: String, channel: ResourceID, labels: Labels, size: Int, lastSentAt: Timestamp? = nil,
    nextFlushAt: Timestamp? = nil, wasTold: Bool = false, isUnderWay: Bool = false, isMuted: Bool = false,
    mutedBy: [ResourceID] = [], hold: Hold? = nil
  ) {
    self.key = key
    self.channel = channel
    self.labels = labels
    self.size = size
    self.lastSentAt = lastSentAt
    self.nextFlushAt = nextFlushAt
    self.wasTold = wasTold
    self.isUnderWay = isUnderWay
    self.isMuted = isMuted
    self.mutedBy = mutedBy
    self.hold = hold
  }
}

extension NotificationGroupView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("groupKey", key)
      $0.object("channel") { $0.reference(to: channel) }
      $0.labels("labels", labels.pairs)
      $0.member("alerts", size)
      $0.optional("lastSentAt", lastSentAt)
      $0.optional("nextFlushAt", nextFlushAt)
      $0.member("told", wasTold)
      $0.member("underWay", isUnderWay)
      $0.member("muted", isMuted)
      $0.array("mutedBy", mutedBy) { interval, writer in writer.object { $0.reference(to: interval) } }
      $0.key("hold")
      if let hold {
        $0.object {
          $0.member("reason", hold.reason)
          $0.member("until", hold.until.description)
        }
      } else {
        $0.null()
      }
    }
  }
}
