<?php
/**
 * The notice on the admin pages.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows a notice on every admin page, but only when a person must act. A pause has its own notice with a button.
 */
final class Health_Notice {

	private Health $health;

	public function __construct( Health $health ) {
		$this->health = $health;
	}

	public function register(): void {
		add_action( 'admin_notices', array( $this, 'print' ) );
	}

	public function print(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			return;
		}
		foreach ( array_diff_key( $this->health->urgent(), array( 'paused' => true ) ) as $problem => $sentence ) {
			printf(
				'<div class="notice notice-error"><p><strong>%s</strong> %s <a href="%s">%s</a></p></div>',
				esc_html__( 'Gateway:', 'gateway-connector' ),
				esc_html( $sentence ),
				esc_url(
					'unconnected' === $problem
						? Settings_Page::url()
						: add_query_arg( 'state', 'rejected' === $problem ? Spool::REJECTED : Spool::WAITING, Spool_Records::url() )
				),
				'unconnected' === $problem
					? esc_html__( 'Connect', 'gateway-connector' )
					: esc_html__( 'View submissions', 'gateway-connector' )
			);
		}
	}
}
