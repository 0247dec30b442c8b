<?php
/**
 * The command "wp gateway-connector".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_CLI;

/**
 * Sends submissions to the gateway.
 */
final class Command {

	private Settings $settings;

	private Spool_Records $records;

	private Delivery $delivery;

	public function __construct( Settings $settings, Spool_Records $records, Delivery $delivery ) {
		$this->settings = $settings;
		$this->records  = $records;
		$this->delivery = $delivery;
	}

	/**
	 * There is no command without WP-CLI.
	 */
	public function register(): void {
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			WP_CLI::add_command( 'gateway-connector deliver', array( $this, 'deliver' ) );
		}
	}

	/**
	 * Sends the submissions that are due. Takes at most about twenty seconds; the rest goes with the next run.
	 *
	 * ## EXAMPLES
	 *
	 *     # In the system's crontab, every minute:
	 *     * * * * * wp gateway-connector deliver --quiet
	 */
	public function deliver(): void {
		if ( ! $this->settings->connection() instanceof Connection ) {
			WP_CLI::error( __( 'This site is not connected to a gateway yet.', 'gateway-connector' ) );
		}
		if ( Site_Address::is_another() ) {
			WP_CLI::error( __( 'Nothing is sent, because the address of this site has changed.', 'gateway-connector' ) );
		}
		$delivered = $this->delivery->run();
		if ( '' !== $this->settings->pause_reason() ) {
			/* translators: %s: the reason */
			WP_CLI::error( sprintf( __( 'Sending is paused: %s', 'gateway-connector' ), $this->settings->pause_reason() ) );
		}
		$counts = $this->records->counts();
		WP_CLI::success(
			sprintf(
				/* translators: 1: number delivered in this run, 2: number still waiting, 3: number refused by the gateway */
				__( '%1$d received by the gateway, %2$d waiting, %3$d rejected.', 'gateway-connector' ),
				$delivered,
				$counts[ Spool::WAITING ],
				$counts[ Spool::REJECTED ]
			)
		);
	}
}
