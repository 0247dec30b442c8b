<?php
/**
 * When the spool is sent.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Runs the sender every minute, and where it costs the visitor nothing, right after a submission.
 */
final class Schedule {

	public const EVERY_MINUTE = 'gateway_connector_send';

	/**
	 * A hook of its own: WordPress drops a single event when the same hook is due within ten minutes anyway.
	 */
	public const NOW = 'gateway_connector_send_now';

	private const INTERVAL = 'gateway_connector_minute';

	/**
	 * Action Scheduler keeps a record of every run for a month, so it is only asked to step in now and then.
	 */
	private const ACTION_INTERVAL = 5 * MINUTE_IN_SECONDS;
	private const GROUP           = 'gateway-connector';

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
		// phpcs:ignore WordPress.WP.CronInterval -- people wait for the email; with nothing to send, a run is one query.
		add_filter( 'cron_schedules', array( $this, 'add_interval' ) );
		add_action( 'init', array( $this, 'ensure' ) );
		add_action( 'action_scheduler_init', array( $this, 'ensure_action' ) );
		add_action( self::EVERY_MINUTE, $this->run );
		add_action( self::NOW, $this->run );
		add_action( Spool::STORED, array( $this, 'wake' ) );
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
	 * If a shop has Action Scheduler, it sends too, even when WordPress' own events are broken. The check
	 * for the action needs a query, so no visitor's request does it.
	 */
	public function ensure_action(): void {
		if ( ( is_admin() || wp_doing_cron() ) && ! as_has_scheduled_action( self::EVERY_MINUTE, array(), self::GROUP ) ) {
			as_schedule_recurring_action( time(), self::ACTION_INTERVAL, self::EVERY_MINUTE, array(), self::GROUP, true );
		}
	}

	/**
	 * Whether what a form brought is sent behind the visitor's answer. Starting WordPress' cron costs the request some 20 ms, so
	 * that is done only where PHP can end the response first, and not where the system calls wp-cron.php.
	 */
	public static function runs_behind_the_answer(): bool {
		return array() !== self::finishers() && ! ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON );
	}

	/**
	 * Functions that end a response.
	 *
	 * @return string[]
	 */
	private static function finishers(): array {
		return array_filter( array( 'fastcgi_finish_request', 'litespeed_finish_request' ), 'function_exists' );
	}

	/**
	 * Something new waits. Where nothing runs behind the answer, the visitor's browser starts the sending, or the recurring event.
	 */
	public function wake(): void {
		if ( ! self::runs_behind_the_answer() ) {
			return;
		}
		$finish = self::finishers();
		add_action(
			'shutdown',
			static function () use ( $finish ): void {
				call_user_func( reset( $finish ) );
				self::send_soon();
				spawn_cron();
			},
			PHP_INT_MAX
		);
	}

	/**
	 * Makes the next run of WordPress' cron send, without waiting for the minute to end.
	 */
	public static function send_soon(): void {
		wp_schedule_single_event( time(), self::NOW );
	}

	public static function clear(): void {
		wp_clear_scheduled_hook( self::EVERY_MINUTE );
		wp_clear_scheduled_hook( self::NOW );
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( self::EVERY_MINUTE, array(), self::GROUP );
		}
	}
}
