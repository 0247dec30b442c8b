<?php
/**
 * The lists for the block editor.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_REST_Request;
use WP_REST_Response;

/**
 * GET gateway-connector/v1/lists, for those who may write pages: {"connected": true, "items": [{"id": "lst_…", "name": "…"}],
 * "message": "…"}.
 * The gateway is asked when an editor opens a block, never when a visitor opens a page.
 */
final class Lists_Route {

	private Settings $settings;

	private Lists $lists;

	public function __construct( Settings $settings, Lists $lists ) {
		$this->settings = $settings;
		$this->lists    = $lists;
	}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'add' ) );
	}

	public function add(): void {
		register_rest_route(
			'gateway-connector/v1',
			'/lists',
			array(
				'methods'             => 'GET',
				'callback'            => array( $this, 'read' ),
				'permission_callback' => static fn() => current_user_can( 'edit_posts' ),
			)
		);
	}

	/**
	 * The lists, and a sentence for those who asked the gateway anew with ?refresh=1.
	 */
	public function read( WP_REST_Request $request ): WP_REST_Response {
		$connection = $this->settings->connection();
		$failure    = null;
		if ( $connection instanceof Connection ) {
			$failure = empty( $request['refresh'] ) ? $this->lists->ensure( $connection ) : $this->lists->refresh( $connection );
		}
		$message = $failure
			? __( 'The gateway did not answer.', 'gateway-connector' )
			: __( 'The lists are up to date.', 'gateway-connector' );
		$items   = array();
		foreach ( (array) $this->lists->names() as $id => $name ) {
			$items[] = compact( 'id', 'name' );
		}
		return new WP_REST_Response(
			array(
				'connected' => $connection instanceof Connection,
				'items'     => $items,
				'message'   => $message,
			)
		);
	}
}
