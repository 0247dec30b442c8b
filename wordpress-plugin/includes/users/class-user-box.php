<?php
/**
 * The box for users.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_User;

/**
 * Shows the box where people register and in their own profile, and keeps what they tick. Only users themselves can tick it, and it is
 * never ticked in advance.
 */
final class User_Box {

	public const FIELD = 'gateway_connector_newsletter';

	/**
	 * Shows that the box was on the page, so that a page without it withdraws nothing.
	 */
	public const SHOWN = 'gateway_connector_newsletter_shown';

	/**
	 * The name for it in a network's list of sign-ups, which waits for the user's activation.
	 */
	private const SIGNUP = 'gateway_connector_newsletter';

	public function register(): void {
		add_action( 'register_form', array( $this, 'print_for_newcomer' ) );
		add_action( 'woocommerce_register_form', array( $this, 'print_for_customer' ) );
		add_action( 'signup_extra_fields', array( $this, 'print_for_newcomer' ) );
		add_action( 'user_register', array( $this, 'registered' ), 50 );
		add_filter( 'add_signup_meta', array( $this, 'add_signup' ) );
		add_action( 'wpmu_activate_user', array( $this, 'activated' ), 50, 3 );

		add_action( 'show_user_profile', array( $this, 'print_profile' ) );
		add_action( 'edit_user_profile', array( $this, 'print_profile' ) );
		add_action( 'personal_options_update', array( $this, 'updated' ) ); // WordPress has checked the nonce.
		add_action( 'woocommerce_edit_account_form', array( $this, 'print_account' ) );
		add_action( 'woocommerce_save_account_details', array( $this, 'updated' ) ); // WooCommerce too.
	}

	public function print_for_newcomer(): void {
		$this->print_form( (string) get_option( 'default_role' ) );
	}

	public function print_for_customer(): void {
		$this->print_form( 'customer' );
	}

	/**
	 * Somebody registered. A tick counts only if it is from the users themselves.
	 */
	public function registered( int $user_id ): void {
		if ( self::is_ticked() && ( ! is_user_logged_in() || get_current_user_id() === $user_id ) ) {
			$this->keep( $user_id );
		}
	}

	public function add_signup( array $meta ): array {
		return self::is_ticked() && User_Sync_Settings::load()->asks() ? array( self::SIGNUP => 1 ) + $meta : $meta;
	}

	/**
	 * A user of a network followed the link in the email and is one only now.
	 *
	 * @param int|string $user_id  The user.
	 * @param string     $password Not used.
	 * @param array      $meta     What was kept with the sign-up.
	 */
	public function activated( $user_id, $password, $meta ): void {
		if ( ! empty( $meta[ self::SIGNUP ] ) ) {
			$this->keep( (int) $user_id );
		}
	}

	/**
	 * The user saved their own profile.
	 *
	 * @param int|string $user_id The user.
	 */
	public function updated( $user_id ): void {
		$settings = User_Sync_Settings::load();
		if ( ! Request::has( self::SHOWN ) || ! $settings->asks() || get_current_user_id() !== (int) $user_id ) {
			return;
		}
		if ( self::is_ticked() ) {
			User_Consent::give( (int) $user_id, $settings, self::source( __( 'Profile', 'gateway-connector' ) ) );
		} else {
			User_Consent::withdraw( (int) $user_id );
		}
	}

	/**
	 * Shows the box in somebody's own profile; in others' only whether it is ticked.
	 */
	public function print_profile( WP_User $user ): void {
		$settings = User_Sync_Settings::load();
		if ( ! $settings->asks() || array() === $settings->lists_of( $user->roles ) ) {
			return;
		}
		$given = User_Consent::given_by( $user->ID );
		printf(
			'<h2>%s</h2><table class="form-table" role="presentation"><tr><th scope="row">%s</th><td>',
			esc_html__( 'Newsletter', 'gateway-connector' ),
			esc_html__( 'Consent', 'gateway-connector' )
		);
		if ( get_current_user_id() === $user->ID ) {
			$this->print_box( $settings, array() !== $given );
		} elseif ( array() === $given ) {
			esc_html_e( 'Not given. Only the users themselves can give it.', 'gateway-connector' );
		} else {
			printf(
				/* translators: 1: date and time, 2: what the user agreed to */
				esc_html__( 'Given on %1$s (UTC): “%2$s”', 'gateway-connector' ),
				esc_html( $given['at'] ),
				esc_html( $given['text'] )
			);
		}
		echo '</td></tr></table>';
	}

	/**
	 * The box in WooCommerce's account page.
	 */
	public function print_account(): void {
		$settings = User_Sync_Settings::load();
		$user     = wp_get_current_user();
		if ( $settings->asks() && array() !== $settings->lists_of( $user->roles ) ) {
			$this->print_box( $settings, array() !== User_Consent::given_by( $user->ID ) );
		}
	}

	/**
	 * Shows the box to somebody who will have this role, if the role belongs to a list.
	 */
	private function print_form( string $role ): void {
		$settings = User_Sync_Settings::load();
		if ( $settings->asks() && array() !== $settings->lists_of( array( $role ) ) ) {
			$this->print_box( $settings, self::is_ticked() ); // Still ticked when the form comes back with an error.
		}
	}

	private function print_box( User_Sync_Settings $settings, bool $ticked ): void {
		printf(
			'<p class="form-row gateway-connector-box"><input type="hidden" name="%s" value="1" />'
				. '<label><input type="checkbox" name="%s" value="1" %s /> %s</label>%s</p>',
			esc_attr( self::SHOWN ),
			esc_attr( self::FIELD ),
			checked( $ticked, true, false ),
			esc_html( $settings->label ),
			wp_kses_post( self::policy( $settings->policy_url ) )
		);
	}

	/**
	 * A link to the privacy policy; nothing without an address.
	 */
	public static function policy( string $url ): string {
		return '' === $url
			? ''
			: sprintf(
				' <a href="%s" target="_blank" rel="noopener">%s</a>',
				esc_url( $url ),
				esc_html__( 'Privacy policy', 'gateway-connector' )
			);
	}

	private function keep( int $user_id ): void {
		$settings = User_Sync_Settings::load();
		if ( $settings->asks() ) {
			User_Consent::give( $user_id, $settings, self::source( __( 'Registration', 'gateway-connector' ) ) );
		}
	}

	/**
	 * Where the box was.
	 */
	private static function source( string $form ): string {
		return $form . ', ' . home_url( '/' );
	}

	private static function is_ticked(): bool {
		return '1' === Request::text( self::FIELD );
	}
}
