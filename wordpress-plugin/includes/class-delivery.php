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

	private Sender $sender;

	private Alarm $alarm;

	public function __construct( Sender $sender, Alarm $alarm ) {
		$this->sender = $sender;
		$this->alarm  = $alarm;
	}

	/**
	 * Sends what is due.
	 *
	 * @return int How many submissions the gateway took.
	 */
	public function run(): int {
		$delivered = $this->sender->run();
		$this->alarm->check();
		return $delivered;
	}
}
