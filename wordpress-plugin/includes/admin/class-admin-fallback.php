<?php
/**
 * Sending where scheduled events do not run.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * When nothing was sent for minutes, the browser of an admin starts a run. So the admin page itself does not wait.
 */
final class Admin_Fallback {

	public const ACTION = 'gateway_connector_deliver';

	private Health $health;

	private Delivery $delivery;

	public function __construct( Health $health, Delivery $delivery ) {
		$this->health   = $health;
		$this->delivery = $delivery;
	}

	public function register(): void {
		add_action( 'admin_print_footer_scripts', array( $this, 'print' ) );
		add_action( 'wp_ajax_' . self::ACTION, array( $this, 'deliver' ) );
	}

	public function print(): void {
		if ( $this->health->is_overdue() ) {
			$url = add_query_arg( '_ajax_nonce', wp_create_nonce( self::ACTION ), admin_url( 'admin-ajax.php?action=' . self::ACTION ) );
			wp_print_inline_script_tag(
				sprintf( 'fetch( %s, { method: "POST", credentials: "same-origin", keepalive: true } );', wp_json_encode( $url ) )
			);
		}
	}

	public function deliver(): void {
		check_ajax_referer( self::ACTION );
		ignore_user_abort( true ); // The admin may open another page meanwhile.
		$this->delivery->run();
		wp_die( '1' );
	}
}
