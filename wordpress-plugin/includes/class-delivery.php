<?php
/**
 * One run of the delivery.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Sends, then looks whether somebody must be told. Whatever starts a run (WordPress' cron, Action Scheduler, an admin's
 * visit, the command line) starts this one.
 */
final class Delivery {

	private const TIME_BUDGET = 15; // Seconds.

	private Sender $sender;

	private Alarm $alarm;

	private Settings $settings;

	private Bulk_Sync $bulk;

	public function __construct( Sender $sender, Alarm $alarm, Settings $settings, Bulk_Sync $bulk ) {
		$this->sender   = $sender;
		$this->alarm    = $alarm;
		$this->settings = $settings;
		$this->bulk     = $bulk;
	}

	/**
	 * Sends what is due, and goes on with the sync of all users while there is time.
	 *
	 * @param int $seconds Nothing new is begun after these.
	 * @return int How many rows the gateway took.
	 */
	public function run( $seconds = self::TIME_BUDGET ): int {
		$end       = time() + ( is_int( $seconds ) ? $seconds : self::TIME_BUDGET ); // A hook passes what it likes.
		$delivered = $this->sender->run( $end );
		while ( time() < $end && $this->settings->may_send() && $this->bulk->step() ) {
			$delivered += $this->sender->run( $end );
		}
		$this->alarm->check();
		return $delivered;
	}
}
