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

	/**
	 * Problems with a notice of their own.
	 */
	private const ELSEWHERE = array( 'paused', 'copied' );

	private const SEEN = 'gateway_connector_loss_seen';

	private Health $health;

	public function __construct( Health $health ) {
		$this->health = $health;
	}

	public function register(): void {
		add_action( 'admin_notices', array( $this, 'print' ) );
		add_action( 'admin_post_' . self::SEEN, array( $this, 'forget_loss' ) );
	}

	/**
	 * Somebody has read that the table was lost.
	 */
	public function forget_loss(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::SEEN );
		delete_option( Spool_Schema::LOST );
		$back = wp_get_referer();
		wp_safe_redirect( false === $back ? admin_url() : $back );
		exit;
	}

	public function print(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			return;
		}
		foreach ( array_diff_key( $this->health->urgent(), array_flip( self::ELSEWHERE ) ) as $problem => $sentence ) {
			list( $url, $link ) = self::way_out( $problem );
			printf(
				'<div class="notice notice-error"><p><strong>%s</strong> %s <a href="%s">%s</a></p></div>',
				esc_html__( 'Gateway:', 'gateway-connector' ),
				esc_html( $sentence ),
				esc_url( $url ),
				esc_html( $link )
			);
		}
	}

	/**
	 * Where to act: an address and the words of the link.
	 *
	 * @return string[]
	 */
	private static function way_out( string $problem ): array {
		switch ( $problem ) {
			case 'unconnected':
				return array( Settings_Page::url(), __( 'Connect', 'gateway-connector' ) );
			case 'lost':
				$url = wp_nonce_url( admin_url( 'admin-post.php?action=' . self::SEEN ), self::SEEN );
				return array( $url, __( 'Do not show this again', 'gateway-connector' ) );
			case 'gateway':
				return array( Statistics_Page::url(), __( 'Statistics', 'gateway-connector' ) );
			case 'storage':
				return array( admin_url( 'site-health.php' ), __( 'Site Health', 'gateway-connector' ) );
			default:
				$state = 'rejected' === $problem ? Spool::REJECTED : Spool::WAITING;
				return array( add_query_arg( 'state', $state, Spool_Records::url() ), __( 'View submissions', 'gateway-connector' ) );
		}
	}
}
