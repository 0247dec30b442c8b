<?php
/**
 * One run of the delivery.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Sends, and then lets others look at the outcome. WordPress' cron, Action Scheduler, an admin's visit and the command line all
 * start this same run.
 */
final class Delivery {

	private const TIME_BUDGET = 15; // Seconds.

	private Sender $sender;

	private Settings $settings;

	/**
	 * Fills the spool again; says whether there was more to send.
	 *
	 * @var callable
	 */
	private $refill;

	/**
	 * Looks at the outcome of the run.
	 *
	 * @var callable
	 */
	private $check;

	public function __construct( Sender $sender, Settings $settings, callable $refill, callable $check ) {
		$this->sender   = $sender;
		$this->settings = $settings;
		$this->refill   = $refill;
		$this->check    = $check;
	}

	/**
	 * Sends what is due, and goes on with the sync of all users while there is time.
	 *
	 * @param int $seconds No new request begins after these.
	 * @return int How many rows the gateway took.
	 */
	public function run( $seconds = self::TIME_BUDGET ): int {
		$end       = time() + ( is_int( $seconds ) ? $seconds : self::TIME_BUDGET ); // A hook may pass anything.
		$delivered = $this->sender->run( $end );
		while ( time() < $end && $this->settings->may_send() && ( $this->refill )() ) {
			$delivered += $this->sender->run( $end );
		}
		( $this->check )();
		return $delivered;
	}
}
