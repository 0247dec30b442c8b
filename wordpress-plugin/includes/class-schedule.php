<?php
/**
 * When the spool is sent.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Runs the sender every minute, and as soon as WordPress can after a submission.
 */
final class Schedule {

	public const EVERY_MINUTE = 'gateway_connector_send';

	/**
	 * A hook of its own: WordPress drops a single event when the same hook is due within ten minutes anyway.
	 */
	public const NOW = 'gateway_connector_send_now';

	private const INTERVAL = 'gateway_connector_minute';

	/**
	 * What runs.
	 *
	 * @var callable
	 */
	private $run;

	public function __construct( callable $run ) {
		$this->run = $run;
	}

	public function register(): void {
		add_filter( 'cron_schedules', array( $this, 'add_interval' ) );
		add_action( 'init', array( $this, 'ensure' ) );
		add_action( self::EVERY_MINUTE, $this->run );
		add_action( self::NOW, $this->run );
		add_action( Spool::STORED, array( $this, 'nudge' ) );
	}

	public function add_interval( array $schedules ): array {
		$schedules[ self::INTERVAL ] = array(
			'interval' => MINUTE_IN_SECONDS,
			'display'  => __( 'Every minute', 'gateway-connector' ),
		);
		return $schedules;
	}

	/**
	 * Schedules the recurring event when it is missing: after activation, and after another plugin overwrote the cron option.
	 */
	public function ensure(): void {
		if ( ! wp_next_scheduled( self::EVERY_MINUTE ) ) {
			wp_schedule_event( time(), self::INTERVAL, self::EVERY_MINUTE );
		}
	}

	/**
	 * Something new waits. The visitor does not: cron is started only where PHP can end the response first,
	 * elsewhere the next request to the site starts it.
	 */
	public function nudge(): void {
		wp_schedule_single_event( time(), self::NOW );
		$cron_is_ours = ! defined( 'DISABLE_WP_CRON' ) || ! DISABLE_WP_CRON;
		foreach ( array( 'fastcgi_finish_request', 'litespeed_finish_request' ) as $finish ) {
			if ( $cron_is_ours && function_exists( $finish ) ) {
				add_action(
					'shutdown',
					static function () use ( $finish ): void {
						$finish();
						spawn_cron();
					},
					PHP_INT_MAX
				);
				return;
			}
		}
	}

	public static function clear(): void {
		wp_clear_scheduled_hook( self::EVERY_MINUTE );
		wp_clear_scheduled_hook( self::NOW );
	}
}
