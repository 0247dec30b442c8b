<?php
/**
 * Sending right after a form was sent, where PHP cannot do it behind the visitor's answer.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_REST_Response;

/**
 * POST gateway-connector/v1/wake, which the visitor's browser calls after it has shown the answer: what waits is sent, and nothing else.
 * It takes no input and tells nothing, so it needs no nonce, which pages from a cache could not have. It runs at most every few
 * seconds, and only while something waits.
 */
final class Wake_Route {

	public const SPACE = 'gateway-connector/v1';
	public const ROUTE = '/wake';

	private const HANDLE  = 'gateway-connector-wake';
	private const LAST    = 'gateway_connector_woken';
	private const PAUSE   = 5; // Seconds between two runs.
	private const SECONDS = 5; // No new request to the gateway begins after these.

	private Settings $settings;

	private Spool_Records $records;

	private Delivery $delivery;

	public function __construct( Settings $settings, Spool_Records $records, Delivery $delivery ) {
		$this->settings = $settings;
		$this->records  = $records;
		$this->delivery = $delivery;
	}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'add' ) );
	}

	public function add(): void {
		register_rest_route(
			self::SPACE,
			self::ROUTE,
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'wake' ),
				'permission_callback' => '__return_true',
			)
		);
	}

	public function wake(): WP_REST_Response {
		if ( $this->settings->may_send() && $this->records->is_overdue( 0 ) && false === get_transient( self::LAST ) ) {
			set_transient( self::LAST, 1, self::PAUSE );
			ignore_user_abort( true ); // The visitor may have gone on to another page.
			$this->delivery->run( self::SECONDS );
		}
		return new WP_REST_Response( null, 204 );
	}

	/**
	 * Puts the script into a page with a form. Where PHP sends behind the answer, there is none.
	 */
	public static function enqueue(): void {
		/**
		 * Whether the visitor's browser starts the sending.
		 *
		 * @param bool $wakes True where the web server lets nothing run behind an answer, or WordPress' own events are off.
		 */
		if ( apply_filters( 'gateway_connector_wake', ! Schedule::runs_behind_the_answer() ) && ! wp_script_is( self::HANDLE ) ) {
			$load = array(
				'in_footer' => true,
				'strategy'  => 'defer',
			);
			wp_enqueue_script( self::HANDLE, plugins_url( 'assets/wake.js', PLUGIN_FILE ), array(), VERSION, $load );
			$url = wp_json_encode( rest_url( self::SPACE . self::ROUTE ) );
			wp_add_inline_script( self::HANDLE, "window.gatewayConnectorWake = {$url};", 'before' );
		}
	}
}
