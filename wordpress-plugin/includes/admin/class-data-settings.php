<?php
/**
 * What happens to the data on this site.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Lets the owner choose how long delivered submissions are kept, and whether uninstalling removes everything.
 */
final class Data_Settings {

	public const ACTION = 'gateway_connector_data';

	private Settings $settings;

	private Notices $notices;

	public function __construct( Settings $settings, Notices $notices ) {
		$this->settings = $settings;
		$this->notices  = $notices;
	}

	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'save' ) );
	}

	public function save(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::ACTION );
		$days = isset( $_POST['retention'] ) ? absint( $_POST['retention'] ) : Settings::DEFAULT_RETENTION;
		$this->settings->save_data_rules( $days, ! empty( $_POST['remove_all'] ) );
		$this->notices->add( 'success', __( 'Saved.', 'gateway-connector' ) );
		wp_safe_redirect( Settings_Page::url() );
		exit;
	}

	public function print(): void {
		?>
		<div class="card gateway-connector-card">
			<h2><?php esc_html_e( 'Data on this site', 'gateway-connector' ); ?></h2>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( self::ACTION ); ?>" />
				<?php wp_nonce_field( self::ACTION ); ?>
				<p><label>
					<?php
					printf(
						/* translators: %s: a field for a number */
						esc_html__( 'Delete delivered submissions after %s days', 'gateway-connector' ),
						sprintf(
							'<input type="number" class="small-text" name="retention" min="1" max="3650" required value="%d" />',
							(int) ( $this->settings->retention() / DAY_IN_SECONDS )
						)
					);
					?>
				</label></p>
				<p>
					<label>
						<input type="checkbox" name="remove_all" value="1" <?php checked( $this->settings->removes_all() ); ?> />
						<?php
						esc_html_e(
							'When the plugin is deleted, also remove its settings and all submissions, even undelivered ones',
							'gateway-connector'
						);
						?>
					</label>
				</p>
				<p><button class="button"><?php esc_html_e( 'Save', 'gateway-connector' ); ?></button></p>
			</form>
		</div>
		<?php
	}
}
